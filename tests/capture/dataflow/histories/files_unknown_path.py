# proves: a path that is built at run time may be any
# recipe: 1 2 3
# %%
import pandas as pd
frame = pd.DataFrame({"a": [1, 2]})
# %%
for name in sorted({"a", "b"}):
    frame.to_csv(f"{name}.csv", index=False)
# %%
pd.read_csv("a.csv")
