# proves: a function's functions are followed
# recipe: 1 2 3 4
# %%
base = 5
# %%
def inner(): return base + 1
# %%
def outer(): return inner() * 2
# %%
outer()
