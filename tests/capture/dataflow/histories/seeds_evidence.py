# proves: evidence says that a fit drew nothing
# recipe: 1 4
# evidence: yes
# %%
import numpy as np
from sklearn.linear_model import LogisticRegression
X, y = np.arange(12).reshape(6, 2), [0, 1, 0, 1, 1, 0]
np.random.seed(2)
# %%
model = LogisticRegression().fit(X, y)
# %%
score = model.score(X, y)
# %%
np.random.rand()
