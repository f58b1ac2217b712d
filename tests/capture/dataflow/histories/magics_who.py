# proves: listing the names needs all of them
# recipe: 1 2 3
# %%
a = 1
# %%
b = "text"
# %%
%who
