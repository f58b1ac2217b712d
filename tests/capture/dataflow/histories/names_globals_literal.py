# proves: globals() with a literal key is a name like any other
# recipe: 2 4
# %%
globals()["first"] = 1
# %%
globals()["second"] = 2
# %%
third = 3
# %%
"second" in globals() and second
