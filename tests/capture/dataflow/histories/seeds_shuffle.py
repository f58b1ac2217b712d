# proves: a shuffle draws, and changes its list
# recipe: 1 2 3 4 5
# %%
import random
# %%
cards = [1, 2, 3, 4]
# %%
random.seed(5)
# %%
random.shuffle(cards)
# %%
cards
