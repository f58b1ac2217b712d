# proves: where figures survive, the current one is drawn on from cell to cell
# recipe: 1 2 3 5
# figures: survive
# %%
import matplotlib.pyplot as plt
# %%
plt.figure()
# %%
plt.plot([1, 2])
# %%
n = 1
# %%
plt.gca().lines[0].get_ydata().tolist()
