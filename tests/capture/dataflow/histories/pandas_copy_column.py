# proves: a column that is set in a copy changes the copy
# recipe: 1 4
# %%
import pandas as pd
df = pd.DataFrame({"a": [3, 1]})
# %%
part = df.copy()
# %%
part["b"] = 1
# %%
df
