# proves: exec of literal text is read like the text
# recipe: 1 3
# %%
exec("x = 3")
# %%
exec("y = 4")
# %%
x
