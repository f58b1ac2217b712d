# proves: a method handed to map changes its object as map is read
# recipe: 1 3 4
# %%
log = []
# %%
unused = map(log.append, [9])
# %%
done = list(map(log.append, [1, 2]))
# %%
log
