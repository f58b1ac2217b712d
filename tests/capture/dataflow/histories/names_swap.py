# proves: a swap reads both names before it binds either
# recipe: 1 2 3
# %%
a, b = 1, [2]
# %%
a, b = b, a
# %%
a.append(3)
print(a, b)
