# proves: an augmented assignment reads what it changes
# recipe: 1 2 4
# %%
total = 1
# %%
total += 4
# %%
other = 0
# %%
total
