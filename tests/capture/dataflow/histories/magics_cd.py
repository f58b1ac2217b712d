# proves: relative paths depend on %cd
# recipe: 1 2 3 5
# %%
import os
os.makedirs("inner")
# %%
%cd -q inner
# %%
with open("note.txt", "w") as file:
    file.write("here")
# %%
unrelated = 4
# %%
open("note.txt").read()
