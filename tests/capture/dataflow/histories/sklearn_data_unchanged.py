# proves: fitting leaves the data as they are
# recipe: 1 4
# %%
import numpy as np
from sklearn.linear_model import LinearRegression
from sklearn.preprocessing import StandardScaler
X, y = np.arange(6.0).reshape(3, 2), np.array([1.0, 2.0, 4.0])
# %%
model = LinearRegression().fit(X, y)
# %%
scaled = StandardScaler().fit_transform(X)
# %%
X.sum()
