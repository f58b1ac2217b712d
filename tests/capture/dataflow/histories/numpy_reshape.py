# proves: a reshaped array shares its memory, a sorted one does not
# recipe: 1 2 3 6
# %%
import numpy as np
a = np.array([3, 1, 2, 0])
# %%
square = a.reshape(2, 2)
# %%
square[0, 0] = 30
# %%
other = np.sort(a)
# %%
other[0] = -1
# %%
a
