# proves: a change to a container is none to what is in it
# recipe: 1 4
# %%
inner = [1]
# %%
outer = [inner]
# %%
outer.append(2)
# %%
inner
