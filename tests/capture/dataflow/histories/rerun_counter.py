# proves: a cell that ran three times on its own result is kept three times
# recipe: 1 2 3 4 5
# %%
n = 1
# %%
n = n * 2 + 1
# %% again 2
# %% again 2
# %%
n
