# proves: a script cell binds the name given to --out
# recipe: 2 4
# %%
%%bash --out first
echo one
# %%
%%bash --out second
echo two
# %%
print(first)
# %%
second
