# proves: a slice of an array shares its memory
# recipe: 1 2 3 4
# %%
import numpy as np
a = np.arange(5)
# %%
tail = a[2:]
# %%
tail[0] = 50
# %%
a
