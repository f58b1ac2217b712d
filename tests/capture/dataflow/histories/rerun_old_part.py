# proves: a name that the edited text no longer makes comes from the text as it ran first
# recipe: 1 2 3
# %% id=a
low, high = 1, 10
# %% id=a
low = 5
# %%
print(low, high)
