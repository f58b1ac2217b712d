# proves: defaults are evaluated when the function is made
# recipe: 1 2 4
# %%
size = 2
# %%
def area(n, *, side=size):
    return n * side
# %%
size = 50
# %%
area(3)
