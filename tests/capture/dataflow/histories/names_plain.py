# proves: what the target does not read is left out
# recipe: 1 3 5
# %%
a = 2
# %%
b = 3
# %%
c = a * 10
# %%
print(b)
# %%
print(c)
