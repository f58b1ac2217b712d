# proves: a cell that could not be compiled did nothing
# recipe: 1 3
# %%
x = 1
# %% fails
x = = 2
# %%
x
