# proves: a change through another name is a change
# recipe: 1 2 3 5
# %%
a = [1]
# %%
b = a
# %%
b.append(2)
# %%
c = [9]
c.append(3)
# %%
a
