# proves: insert and pop change the frame
# recipe: 1 2 3 4
# %%
import pandas as pd
df = pd.DataFrame({"a": [3, 1], "b": [0, 0]})
# %%
df.insert(0, "first", [7, 8])
# %%
gone = df.pop("b")
# %%
df
