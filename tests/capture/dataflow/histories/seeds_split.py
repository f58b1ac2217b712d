# proves: a split without a random state draws from numpy's
# recipe: 1 2 4
# %%
import numpy as np
from sklearn.model_selection import train_test_split
np.random.seed(0)
# %%
first = train_test_split(list(range(6)))
# %%
second = train_test_split(list(range(6)), random_state=1)
# %%
train_test_split(list(range(6)))
