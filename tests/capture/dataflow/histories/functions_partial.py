# proves: partial keeps its arguments by reference
# recipe: 1 2 3 4
# %%
from functools import partial
pool = [1]
# %%
total = partial(sum, pool)
# %%
pool.append(5)
# %%
total()
