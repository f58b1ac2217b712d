# proves: a figure that was saved is read again as a file
# recipe: 1 2 4
# %%
import matplotlib.pyplot as plt
import os
# %%
plt.plot([1, 2])
plt.savefig("a.png")
# %%
plt.plot([3, 4])
plt.savefig("b.png")
# %%
os.path.getsize("a.png") > 0
