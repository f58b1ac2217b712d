# proves: Out[n] holds only if every cell before ran
# recipe: 1 2 3
# %%
print("just shown")
# %%
7 * 6
# %%
Out[2] + 1
