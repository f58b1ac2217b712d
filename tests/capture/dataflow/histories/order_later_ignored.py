# proves: what runs after a cell read its input does not reach it
# recipe: 1 2 4
# %%
rate = 2
# %%
price = 3 * rate
# %%
rate = 50
# %%
price
