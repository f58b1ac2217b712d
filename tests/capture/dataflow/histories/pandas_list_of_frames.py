# proves: frames in a list are changed through it
# recipe: 1 2 3 4
# %%
import pandas as pd
one, two = pd.DataFrame({"a": [1]}), pd.DataFrame({"a": [2]})
# %%
frames = [one, two]
# %%
for frame in frames:
    frame["total"] = frame["a"] + 1
# %%
one
