# proves: numpy's global state is not Python's
# recipe: 1 3 4 6
# %%
import random
import numpy as np
# %%
random.seed(0)
# %%
np.random.seed(0)
# %%
noise = np.random.normal(size=3)
# %%
random.random()
# %%
np.random.rand()
