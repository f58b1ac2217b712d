# proves: an alternative model is not needed
# recipe: 1 2 5
# %%
from sklearn.linear_model import LinearRegression
from sklearn.tree import DecisionTreeRegressor
X, y = [[0], [1], [2]], [1, 3, 5]
# %%
line = LinearRegression().fit(X, y)
# %%
tree = DecisionTreeRegressor(random_state=0).fit(X, y)
# %%
print(tree.predict([[1]]), line.score(X, y))
# %%
line.coef_.round(3)
