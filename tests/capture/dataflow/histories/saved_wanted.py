# proves: names that are saved are wanted, though the target does not read them
# recipe: 1 2 3 5
# wanted: table
# %%
table = []
# %%
table.append(1)
# %%
x = 5
# %%
y = 6
# %%
print(x)
