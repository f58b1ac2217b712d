# proves: evidence says which names a star import made
# recipe: 1 3
# evidence: yes
# %%
def area(value): return "mine"
# %%
from math import *
# %%
area(2.5)
