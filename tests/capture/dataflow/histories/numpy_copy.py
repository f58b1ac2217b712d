# proves: a selection by a mask or list is a copy
# recipe: 1 4
# %%
import numpy as np
a = np.arange(5)
# %%
big = a[a > 2]
# %%
big[:] = 0
# %%
a
