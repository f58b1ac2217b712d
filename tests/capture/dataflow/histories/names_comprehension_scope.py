# proves: a comprehension's variable is its own
# recipe: 1 3
# %%
x = "kept"
# %%
squares = [x * x for x in range(3)]
# %%
x
