# proves: a cache keeps the answer of the first call
# recipe: 1 2 3 4 5
# %%
from functools import lru_cache
rate = 1
# %%
@lru_cache
def price(n):
    return n * rate
# %%
price(3)
# %%
rate = 100
# %%
price(3), rate
