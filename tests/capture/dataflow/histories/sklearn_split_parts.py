# proves: the parts of a split are separate
# recipe: 1 2 4
# %%
import pandas as pd
from sklearn.model_selection import train_test_split
data = pd.DataFrame({"a": range(8), "y": [0, 1] * 4})
# %%
train, test = train_test_split(data, random_state=0)
# %%
train["extra"] = 1
# %%
test
