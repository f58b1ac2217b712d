# proves: axes that are kept by name are drawn on later
# recipe: 1 2 3 5
# %%
import matplotlib.pyplot as plt
# %%
fig, ax = plt.subplots()
# %%
ax.plot([1, 2, 3])
# %%
other, other_ax = plt.subplots()
other_ax.plot([3, 2, 1])
# %%
ax.set_title("done")
fig
