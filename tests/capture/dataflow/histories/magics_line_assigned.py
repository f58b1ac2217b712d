# proves: the value of a magic can be assigned
# recipe: 1 3
# %%
place = %pwd
# %%
kept = 1
# %%
isinstance(place, str)
