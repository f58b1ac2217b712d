# proves: importing a module again changes nothing
# recipe: 1 4
# %%
import math
# %%
import math
note = "second"
# %%
import json
# %%
math.sqrt(9)
