# proves: a fresh figure needs nothing of the one before
# recipe: 1 3 4
# figures: survive
# %%
import matplotlib.pyplot as plt
# %%
plt.plot([1, 2])
# %%
plt.figure()
plt.plot([5, 6])
# %%
plt.gca().lines[0].get_ydata().tolist()
