# proves: a grouping looks at its frame again later
# recipe: 1 2 3 4
# %%
import pandas as pd
df = pd.DataFrame({"k": ["x", "y"], "a": [3, 1]})
# %%
groups = df.groupby("k")
# %%
df.loc[0, "a"] = 9
# %%
groups.ngroups, df
