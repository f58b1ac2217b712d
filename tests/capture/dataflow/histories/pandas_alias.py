# proves: a frame under two names is one frame
# recipe: 1 2 3 4
# %%
import pandas as pd
df = pd.DataFrame({"a": [3, 1]})
# %%
same = df
# %%
same.loc[0, "a"] = 100
# %%
df
