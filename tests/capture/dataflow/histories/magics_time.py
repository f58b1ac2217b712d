# proves: names bound under %%time and %time are the notebook's
# recipe: 1 2 4
# %%
%%time
a = [1, 2]
# %%
%time b = sum(a)
# %%
%time c = 5
# %%
b
