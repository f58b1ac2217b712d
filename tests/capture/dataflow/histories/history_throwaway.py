# proves: a user's own _ is an ordinary name
# recipe: 2 3
# %%
10 + 1
# %%
for _ in range(3): pass
# %%
_
