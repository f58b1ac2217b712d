# proves: an option of pandas matters to what uses pandas
# recipe: 1 2 3 4
# %%
import pandas as pd
# %%
pd.options.display.max_rows = 4
# %%
frame = pd.DataFrame({"a": range(10)})
# %%
frame
