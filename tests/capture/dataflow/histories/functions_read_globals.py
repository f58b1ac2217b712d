# proves: a function reads its globals when it is called, not when it is made
# recipe: 1 3 4
# %%
def scaled(value):
    return value * factor
# %%
factor = 2
# %%
factor = 10
# %%
scaled(3)
