# proves: a deletion counts when a later cell asks whether the name is there
# recipe: 1 2 3
# %%
x, y = 1, 2
# %%
del x
# %%
try:
    found = x
except NameError:
    found = "gone"
print(found, y)
