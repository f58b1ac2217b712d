# proves: a loop's variable stands for the items, and changes reach them
# recipe: 1 2 3
# %%
first, second = [1], [2]
# %%
for part in (first, second):
    part.append(0)
# %%
second
