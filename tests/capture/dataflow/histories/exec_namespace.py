# proves: the namespace as a whole cannot be followed
# recipe: 1 2 3 4
# evidence: yes
# %%
base = {"x": 1}
# %%
extra = 5
# %%
globals().update(base)
# %%
x
