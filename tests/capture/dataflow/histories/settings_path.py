# proves: sys.path matters to imports
# recipe: 1 2 3
# %%
import os, sys
with open("made_module.py", "w") as file:
    file.write("value = 8")
# %%
sys.path.insert(0, os.getcwd())
# %%
import made_module
made_module.value
