# proves: rcParams do not matter to numbers
# recipe: 3 4
# %%
import matplotlib.pyplot as plt
# %%
plt.rcParams["figure.figsize"] = (2, 2)
# %%
n = 2
# %%
n
