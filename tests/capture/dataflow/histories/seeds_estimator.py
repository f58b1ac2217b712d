# proves: fitting an estimator without a random state draws
# recipe: 1 2 4
# %%
import numpy as np
from sklearn.tree import DecisionTreeClassifier
X, y = np.arange(12).reshape(6, 2), [0, 1, 0, 1, 1, 0]
np.random.seed(2)
# %%
loose = DecisionTreeClassifier(max_features=1).fit(X, y)
# %%
fixed = DecisionTreeClassifier(max_features=1, random_state=0).fit(X, y)
# %%
np.random.rand()
