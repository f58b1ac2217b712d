# proves: _ is the last value shown
# recipe: 2 4
# %%
10 + 1
# %%
20 + 2
# %%
x = 5
# %%
_ + 1
