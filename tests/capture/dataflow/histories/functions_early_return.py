# proves: a function that may end before it binds a global
# recipe: 1 2 3 4
# %%
state = "start"
# %%
def advance(really):
    global state
    if not really:
        return
    state = "moved"
# %%
advance(False)
# %%
state
