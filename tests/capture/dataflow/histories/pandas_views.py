# proves: looking at a frame does not change it
# recipe: 1 8
# %%
import pandas as pd
df = pd.DataFrame({"a": [3, 1], "b": ["x", "y"]})
# %%
df.head()
# %%
df.describe()
# %%
df.groupby("b").a.mean()
# %%
df.sort_values("a")
# %%
df.isna().sum(), df.shape, df.dtypes, df["a"].value_counts()
# %%
df.plot()
# %%
df
