# proves: set_params is needed by the fit after it
# recipe: 1 2 3 4
# %%
from sklearn.linear_model import Ridge
model = Ridge(random_state=0)
# %%
model.set_params(alpha=10.0)
# %%
model.fit([[0], [1]], [1, 3])
# %%
model.coef_.round(6)
