# proves: a failing cell that touches nothing needed is left out
# recipe: 1 3
# %%
x = 1
# %% fails
print(y_is_not_there)
# %%
x
