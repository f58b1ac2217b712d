# proves: setattr and getattr with literal names are attributes
# recipe: 1 2 3 4
# %%
class Box:
    pass
box = Box()
# %%
setattr(box, "items", [1])
# %%
getattr(box, "items").append(2)
# %%
box.items
