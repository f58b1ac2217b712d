# proves: settings of the session are kept, the last of their kind
# recipe: 2 3 4
# %%
%precision 2
# %%
%precision 4
# %%
x = 1 / 3
# %%
x
