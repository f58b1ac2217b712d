# proves: %reset deletes every name
# recipe: 1 2 3
# %%
a = 1
# %%
%reset -f
# %%
try:
    print(a)
except NameError:
    print("gone")
