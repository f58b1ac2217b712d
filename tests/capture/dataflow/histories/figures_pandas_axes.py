# proves: plotting onto axes that are given changes them
# recipe: 1 2 3 4
# %%
import pandas as pd
import matplotlib.pyplot as plt
frame = pd.DataFrame({"a": [1, 2]})
# %%
fig, ax = plt.subplots()
# %%
frame.plot(ax=ax)
# %%
len(ax.lines), fig
