# proves: a model that was dumped and loaded again
# recipe: 1 2 3 5
# %%
import joblib
from sklearn.linear_model import LinearRegression
# %%
model = LinearRegression().fit([[0], [1]], [1, 3])
# %%
joblib.dump(model, "model.joblib")
# %%
unused = model.score([[0], [1]], [1, 3])
# %%
joblib.load("model.joblib").predict([[2]])
