# proves: copy=False may write into the data
# recipe: 1 2 3
# %%
import numpy as np
from sklearn.preprocessing import StandardScaler
X = np.arange(6.0).reshape(3, 2)
# %%
scaled = StandardScaler(copy=False).fit_transform(X)
# %%
X.round(4)
