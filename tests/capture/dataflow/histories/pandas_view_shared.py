# proves: whether a change of a frame shows in an array of its memory hangs on who else
#   shares that memory
# recipe: 1 2 3 5 6
# %%
import pandas as pd
frame = pd.DataFrame({"a": [3.0, 1.0], "b": [1.0, 0.0]})
# %%
array = frame.to_numpy()
# %%
other = frame.fillna(0).astype(float)
# %%
idle = 1
# %%
frame.loc[0, "a"] = 9.0
# %%
print(array)
