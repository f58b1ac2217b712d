# proves: a cell that imports for itself does not need its own earlier run, nor the
#   settings that it begins by setting anew; later cells do with the first import
# recipe: 1 4
# %%
values = [3.0, 4.0]
# %% id=a
import math
import warnings
warnings.filterwarnings("ignore")
k = 1
total = sum(math.sqrt(v) for v in values) * k
# %%
print(math.pi)
# %% id=a
import math
import warnings
warnings.filterwarnings("ignore")
k = 2
total = sum(math.sqrt(v) for v in values) * k
