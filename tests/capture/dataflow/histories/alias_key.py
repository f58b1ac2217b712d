# proves: the items of a dict are told apart by literal keys
# recipe: 1 2 5
# %%
left, right = [1], [2]
# %%
both = {"left": left, "right": right}
both["left"].append(10)
# %%
note = both["right"]
# %%
note.append(20)
# %%
left
