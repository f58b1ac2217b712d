# proves: inline figures end with their cell, so earlier plots are not needed
# recipe: 1 2 4
# %%
import matplotlib.pyplot as plt
# %%
values = [1, 3, 2]
# %%
plt.plot([9, 9])
plt.title("earlier")
plt.show()
# %%
plt.plot(values)
plt.show()
