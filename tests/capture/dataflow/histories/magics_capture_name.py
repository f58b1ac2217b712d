# proves: %%capture binds its name
# recipe: 1 3
# %%
%%capture shown
print("inside")
# %%
print("outside")
# %%
shown.stdout
