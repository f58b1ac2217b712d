# proves: running an appending cell twice appends twice
# recipe: 1 2 3 4
# %%
items = []
# %%
items.append(len(items))
# %% again 2
# %%
items
