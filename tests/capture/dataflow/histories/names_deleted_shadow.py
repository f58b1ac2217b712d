# proves: deleting a name that hid a builtin brings the builtin back
# recipe: 1 2 3
# %%
len = lambda value: 99
size = 4
# %%
del len
# %%
print(len([1, 2]), size)
