# proves: the order of execution counts, not that of the document
# recipe: 2 3 4
# %%
rate = 1
# %%
rate = 7
# %%
price = 3 * rate
# %%
price
