# proves: a function handed to apply runs with its globals
# recipe: 1 3 4 5
# %%
import pandas as pd
df = pd.DataFrame({"a": [3, 1]})
# %%
seen = 0
# %%
seen = []
# %%
def note(value):
    seen.append(value)
    return value
df["a"].apply(note)
# %%
seen
