# proves: a frame written by one cell is read by another
# recipe: 1 2 4
# %%
import pandas as pd
frame = pd.DataFrame({"a": [1, 2]})
# %%
frame.to_csv("a.csv", index=False)
# %%
frame.to_csv("b.csv", index=False)
# %%
pd.read_csv("a.csv")
