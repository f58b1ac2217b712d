# proves: running a cell that makes everything anew needs only the last run
# recipe: 3 4
# %%
data = [1, 2]
data.append(3)
# %% again 1
# %% again 1
# %%
data
