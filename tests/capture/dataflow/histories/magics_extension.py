# proves: an extension that was loaded is kept
# recipe: 1 2
# %%
%load_ext autoreload
# %%
1 + 1
