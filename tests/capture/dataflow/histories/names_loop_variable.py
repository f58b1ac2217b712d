# proves: a loop's variable outlives it, and a sure loop needs no older binding
# recipe: 2 3
# %%
last = "none"
# %%
for last in ["a", "b"]:
    pass
# %%
last
