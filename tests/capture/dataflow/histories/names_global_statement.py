# proves: a function's global statement binds in the notebook
# recipe: 2 3 4
# %%
counter = 0
# %%
def reset():
    global counter
    counter = 100
# %%
reset()
# %%
counter
