# proves: names mentioned in a text handed to an unknown call are read
# recipe: 1 3 4
# run: no
# %%
import duckdb
# %%
unrelated = 2
# %%
frame = [1, 2]
# %%
duckdb.query("select * from frame")
