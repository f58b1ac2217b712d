# proves: a notebook run out of order, with edits and a failure, gives what made the result
# recipe: 1 2 4 5 10 13 14
# %% id=imports
import pandas as pd
from sklearn.linear_model import LinearRegression
# %% id=load
df = pd.DataFrame({"x": [1.0, 2.0, 3.0, None, 5.0], "y": [2.0, 4.1, 6.2, 8.0, 9.9]})
# %% id=look
df.head(2)
# %% id=clean
df = df.dropna()
# %% id=feature
df["x2"] = df["x"] ** 2
# %% id=model
model = LinearRegression().fit(df[["x"]], df["y"])
print(model.coef_)
# %% id=oops fails
df["missing"].mean()
# %% id=plot
df.plot.scatter("x", "y")
# %% id=columns
columns = ["x"]
# %% id=columns
columns = ["x", "x2"]
# %% id=look
df.describe()
# %% id=model
other = LinearRegression().fit(df[columns], df["y"])
# %% id=model
model = LinearRegression(fit_intercept=False).fit(df[columns], df["y"])
# %% id=result
model.score(df[columns], df["y"])
