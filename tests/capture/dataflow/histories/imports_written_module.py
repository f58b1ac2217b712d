# proves: a module that a cell wrote is needed by its import
# recipe: 1 2 3
# %%
%%writefile helper_for_recipe.py
def triple(x):
    return 3 * x
# %%
import sys, os
sys.path.insert(0, os.getcwd())
# %%
from helper_for_recipe import triple
triple(4)
