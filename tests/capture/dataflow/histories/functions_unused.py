# proves: a function that is not called needs none of its globals
# recipe: 2 3
# %%
heavy = list(range(1000))
# %%
def used(): return 1
def unused(): return heavy
# %%
used()
