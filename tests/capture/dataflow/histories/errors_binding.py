# proves: a failing cell may have bound the name or not
# recipe: 1 2 3
# %%
x = 1
# %% fails
1 / 0
x = 2
# %%
x
