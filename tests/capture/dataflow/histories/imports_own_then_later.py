# proves: a cell that imports again what stands already is not needed for the name
# recipe: 1 3
# %%
import math
# %%
import math
slow = [math.sqrt(n) for n in range(9)]
# %%
print(math.floor(2.5))
