# proves: an environment variable set by one cell is read by another
# recipe: 1 2 4
# %%
import os
# %%
os.environ["STAGE"] = "test"
# %%
stage = "none"
# %%
os.environ.get("STAGE")
