# proves: a file written by %%writefile is read by a later cell
# recipe: 2 3
# %%
%%writefile other.txt
nobody reads this
# %%
%%writefile data.txt
3
# %%
int(open("data.txt").read())
