# proves: another backend than inline lets figures survive
# recipe: 1 2 3 4
# %%
import matplotlib.pyplot as plt
# %%
plt.switch_backend("agg")
# %%
plt.plot([1, 2])
# %%
len(plt.gca().lines)
