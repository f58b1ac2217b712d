# proves: a loop that stops early leaves its iterator half-way
# recipe: 1 2 3
# %%
lines = iter("abc")
# %%
for line in lines:
    break
# %%
next(lines)
