# proves: += changes a list in place, so its other name sees it
# recipe: 1 2 3 4
# %%
a = [1]
# %%
b = a
# %%
b += [2]
# %%
a
