# proves: out= and the functions that fill change their argument
# recipe: 1 2 3 5
# %%
import numpy as np
a, b = np.zeros(3), np.ones((2, 2))
# %%
np.add(a, 1, out=a)
# %%
np.fill_diagonal(b, 7)
# %%
total = np.sum(a) + np.mean(b)
# %%
a, b
