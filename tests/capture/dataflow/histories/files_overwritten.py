# proves: a file written anew needs no older writer
# recipe: 1 3 4
# %%
import json
# %%
with open("s.json", "w") as file:
    json.dump({"a": 1}, file)
# %%
with open("s.json", "w") as file:
    json.dump({"a": 2}, file)
# %%
json.load(open("s.json"))
