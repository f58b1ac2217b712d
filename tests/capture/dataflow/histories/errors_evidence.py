# proves: evidence says that a failing cell bound nothing
# recipe: 1 3
# evidence: yes
# %%
x = 1
# %% fails
1 / 0
x = 2
# %%
x
