# proves: a lazy chain moves its source on
# recipe: 1 2 3 4
# %%
source = iter([1, 2, 3, 4])
# %%
pairs = zip(source, "ab")
# %%
taken = list(pairs)
# %%
list(source)
