# proves: a cell that only listed the names is not needed
# recipe: 1 3
# %%
a = 1
# %%
%whos
# %%
a
