# proves: only the last binding of a name counts
# recipe: 2 3
# %%
x = 1
# %%
x = 2
# %%
x
