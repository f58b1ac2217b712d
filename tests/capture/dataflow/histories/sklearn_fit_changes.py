# proves: fit changes its model, predict does not
# recipe: 1 2 4
# %%
from sklearn.linear_model import LinearRegression
model = LinearRegression()
# %%
model.fit([[0], [1]], [1, 3])
# %%
guess = model.predict([[5]])
# %%
model.predict([[2]])
