# proves: a function may give back what it was given
# recipe: 1 2 3 4 5
# %%
def same(value):
    return value
# %%
a = [1]
# %%
b = same(a)
# %%
b.append(2)
# %%
a
