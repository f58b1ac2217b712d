# proves: a partial fit goes on from the one before
# recipe: 1 2 3 4
# %%
from sklearn.linear_model import SGDRegressor
model = SGDRegressor(random_state=0)
# %%
model.partial_fit([[0], [1]], [1, 3])
# %%
model.partial_fit([[2]], [5])
# %%
model.predict([[2]]).round(6)
