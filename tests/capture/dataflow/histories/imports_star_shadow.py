# proves: a star import may replace a name that was there
# recipe: 1 2 3
# %%
def floor(value): return "mine"
# %%
from math import *
# %%
floor(2.5)
