# proves: a function of the user that changes what it is given
# recipe: 1 2 3 5
# %%
def tidy(rows):
    rows.sort()
def peek(rows):
    return rows[0]
# %%
rows = [3, 1, 2]
# %%
tidy(rows)
# %%
first = peek(rows)
# %%
rows
