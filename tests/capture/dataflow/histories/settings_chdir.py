# proves: the working directory matters to relative paths only
# recipe: 1 2 4
# %%
import os
os.mkdir("data")
# %%
os.chdir("data")
# %%
n = 1
# %%
os.path.basename(os.getcwd())
