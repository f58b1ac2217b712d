# proves: a function that changes a global it names
# recipe: 1 2 3 4 5
# %%
log = []
# %%
def note(text):
    log.append(text)
# %%
note("a")
# %%
note("b")
# %%
log
