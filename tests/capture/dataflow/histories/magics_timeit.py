# proves: the names of a %%timeit body are its own, its changes are not
# recipe: 1 3
# %%
x = 1
# %%
%%timeit -n 1 -r 1
x = 2
# %%
x
