# proves: seeding anew makes earlier draws irrelevant
# recipe: 1 4 5
# %%
import random
# %%
random.seed(3)
# %%
random.random()
# %%
random.seed(8)
# %%
random.random()
