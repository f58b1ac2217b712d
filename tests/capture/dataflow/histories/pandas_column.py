# proves: a column that is set changes the frame
# recipe: 1 2 4
# %%
import pandas as pd
df = pd.DataFrame({"a": [3, 1]})
# %%
df["b"] = df["a"] * 2
# %%
mean = df["a"].mean()
# %%
df
