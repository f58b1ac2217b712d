# proves: an option of pandas does not matter to what uses none of it
# recipe: 3 4
# %%
import pandas as pd
# %%
pd.set_option("display.max_rows", 4)
# %%
n = 3
# %%
n + 1
