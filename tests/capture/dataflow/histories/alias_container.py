# proves: a change through a container reaches what is in it
# recipe: 1 2 3 4
# %%
inner = [1]
# %%
outer = {"x": [inner]}
# %%
outer["x"][0].append(5)
# %%
inner
