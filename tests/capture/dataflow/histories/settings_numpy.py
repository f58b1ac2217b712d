# proves: print options of numpy are kept for arrays
# recipe: 1 2 3
# %%
import numpy as np
np.set_printoptions(precision=2)
# %%
a = np.array([1 / 3, 2 / 3])
# %%
print(a)
