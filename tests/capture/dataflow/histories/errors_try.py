# proves: a try may stop in its middle
# recipe: 1 2 3
# %%
state = "a"
# %%
try:
    state = "b"
    int("no")
    state = "c"
except ValueError:
    pass
# %%
state
