# proves: a method taken off its object changes it when called
# recipe: 1 2 3 4
# %%
log = []
# %%
note = log.append
# %%
note("once")
# %%
log
