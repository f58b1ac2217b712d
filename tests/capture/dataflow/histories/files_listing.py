# proves: listing a folder needs what was written into it
# recipe: 1 2 3 4
# %%
import os, glob
os.mkdir("parts")
# %%
open("parts/a.txt", "w").close()
# %%
open("parts/b.txt", "w").close()
# %%
sorted(glob.glob("parts/*.txt"))
