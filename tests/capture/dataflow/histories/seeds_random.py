# proves: draws between the seed and a draw are kept
# recipe: 1 2 3 5
# %%
import random
# %%
random.seed(3)
# %%
skipped = random.random()
# %%
n = 4
# %%
random.random()
