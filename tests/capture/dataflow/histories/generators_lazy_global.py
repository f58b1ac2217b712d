# proves: a generator reads its globals when it is read from
# recipe: 1 3 4
# %%
scaled = (value * factor for value in [1, 2])
# %%
factor = 1
# %%
factor = 7
# %%
list(scaled)
