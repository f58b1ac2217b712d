# proves: a name bound in both branches does not need its older binding
# recipe: 2 3 4
# %%
label = "old"
# %%
flag = True
# %%
if flag:
    label = "yes"
else:
    label = "no"
# %%
label
