# proves: what a %timeit statement changes is changed
# recipe: 1 2 3
# %%
items = []
# %%
%timeit -q -n 2 -r 1 items.append(1)
# %%
items
