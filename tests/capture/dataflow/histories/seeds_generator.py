# proves: a generator of one's own is moved on by its draws
# recipe: 1 2 4
# %%
import numpy as np
rng = np.random.default_rng(1)
# %%
a = rng.normal(size=2)
# %%
other = np.random.default_rng(9).normal(size=2)
# %%
rng.normal(size=2)
