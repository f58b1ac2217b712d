# proves: what a with statement sets back is not kept
# recipe: 1 3
# %%
import numpy as np
# %%
with np.printoptions(precision=1):
    print(np.array([1 / 3]))
# %%
print(np.array([1 / 3]))
