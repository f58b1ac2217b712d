# proves: a walrus in a comprehension binds in the notebook
# recipe: 1 3
# %%
values = [last := number for number in range(4)]
# %%
other = 3
# %%
last
