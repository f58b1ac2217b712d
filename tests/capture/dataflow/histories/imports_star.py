# proves: a star import may be where a name comes from
# recipe: 1 3
# %%
from math import *
# %%
y = 2
# %%
sqrt(16)
