# proves: a function put into a module is the one that runs
# recipe: 1 2 3
# %%
import math
# %%
math.sqrt = lambda value: "patched"
# %%
import math
math.sqrt(4)
