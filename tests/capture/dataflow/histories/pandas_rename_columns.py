# proves: setting an attribute of a frame changes it
# recipe: 1 2 3
# %%
import pandas as pd
df = pd.DataFrame({"a": [3, 1]})
# %%
df.columns = ["z"]
# %%
df
