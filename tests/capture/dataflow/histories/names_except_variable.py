# proves: the variable of an except clause is read from the cell that failed inside
# recipe: 1 2
# %%
try:
    int("x")
except ValueError as error:
    message = str(error)
# %%
message
