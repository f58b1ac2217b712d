# proves: a saved function is wanted with the names that it reads
# recipe: 1 2 4
# wanted: scale
# %%
factor = 3
# %%
def scale(value): return value * factor
# %%
y = 6
# %%
print("saved")
