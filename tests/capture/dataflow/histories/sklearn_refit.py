# proves: fitting again forgets the first fit
# recipe: 1 3 4
# %%
from sklearn.linear_model import LinearRegression
model = LinearRegression()
# %%
model.fit([[0], [1]], [1, 3])
# %%
model.fit([[0], [1]], [5, 9])
# %%
model.predict([[2]])
