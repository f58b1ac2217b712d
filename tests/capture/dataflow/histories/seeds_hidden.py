# proves: a function of the user that draws is a draw
# recipe: 1 2 3 4
# %%
import numpy as np
np.random.seed(1)
# %%
def noisy(x):
    return x + np.random.rand()
# %%
a = noisy(1)
# %%
noisy(2)
