# proves: a change to a copy is none to the original
# recipe: 1 5
# %%
a = [1, 2]
# %%
b = list(a)
# %%
b.append(3)
# %%
c = a[:]
c.clear()
# %%
a
