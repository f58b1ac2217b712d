# proves: rcParams matter to later figures, and only to them
# recipe: 1 2 4
# %%
import matplotlib.pyplot as plt
# %%
plt.rcParams["figure.figsize"] = (2, 2)
# %%
n = 2
# %%
fig, ax = plt.subplots()
fig.get_size_inches().tolist()
