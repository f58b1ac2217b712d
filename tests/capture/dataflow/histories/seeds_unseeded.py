# proves: without a seed, draws need no earlier draws
# recipe: 1 3
# %%
import random
# %%
random.random()
# %%
isinstance(random.random(), float)
