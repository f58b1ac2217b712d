# proves: the same option set again replaces the first setting
# recipe: 1 3 4
# %%
import pandas as pd
# %%
pd.set_option("display.precision", 2)
# %%
pd.set_option("display.precision", 4)
# %%
pd.Series([1 / 3])
