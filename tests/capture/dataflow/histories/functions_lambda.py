# proves: a lambda looks its names up when it runs
# recipe: 1 3 4
# %%
weigh = lambda pair: pair[1] * weight
# %%
weight = 1
# %%
weight = -1
# %%
sorted([("a", 1), ("b", 2)], key=weigh)
