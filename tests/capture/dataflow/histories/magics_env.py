# proves: %env sets what os.environ reads
# recipe: 1 3 4
# %%
import os
# %%
%env COLOUR=red
# %%
%env COLOUR=blue
# %%
os.environ["COLOUR"]
