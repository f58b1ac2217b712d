# proves: a style set again replaces the same one before
# recipe: 1 3 4
# %%
import matplotlib.pyplot as plt
# %%
plt.style.use("ggplot")
# %%
plt.style.use("ggplot")
# %%
plt.plot([1, 2]); plt.show()
