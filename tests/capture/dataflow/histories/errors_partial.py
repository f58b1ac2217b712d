# proves: what a failing cell did before it failed is kept, and said
# recipe: 1 2 4
# %%
items = [1]
# %% fails
items.append(2)
items.missing
items.append(3)
# %%
unused = 0
# %%
items
