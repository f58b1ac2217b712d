# proves: inplace=True changes the frame, without it does not
# recipe: 1 2 5
# %%
import pandas as pd
df = pd.DataFrame({"a": [3, 1, None]})
# %%
df.dropna(inplace=True)
# %%
df.sort_values("a", ascending=False)
# %%
df.fillna(0)
# %%
df
