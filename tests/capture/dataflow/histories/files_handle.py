# proves: what is written through a handle later is written to its file
# recipe: 1 2 3 5
# %%
handle = open("log.txt", "w")
# %%
handle.write("line\n")
# %%
handle.close()
# %%
other = open("else.txt", "w").close()
# %%
open("log.txt").read()
