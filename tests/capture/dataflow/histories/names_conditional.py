# proves: a binding in a branch keeps the one before it
# recipe: 1 2 3
# %%
mode = "fast"
# %%
if mode == "slow":
    mode = "safe"
# %%
mode
