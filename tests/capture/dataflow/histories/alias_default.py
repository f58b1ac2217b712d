# proves: a default argument is one object for all calls
# recipe: 1 2 4
# %%
def collect(item, into=[]):
    into.append(item)
    return into
# %%
collect(1)
# %%
unrelated = 5
# %%
collect(2)
