# proves: fitting a pipeline fits the steps it holds
# recipe: 1 2 3 5
# %%
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.linear_model import LinearRegression
scaler = StandardScaler()
# %%
pipe = make_pipeline(scaler, LinearRegression())
# %%
pipe.fit([[0], [1]], [1, 3])
# %%
done = pipe.predict([[0]])
# %%
scaler.mean_
