# proves: patterns bind names
# recipe: 1 2 3
# %%
point = {"x": 1, "y": [2, 3]}
# %%
match point:
    case {"x": x, "y": [first, *rest]}:
        found = (x, first, rest)
# %%
found
