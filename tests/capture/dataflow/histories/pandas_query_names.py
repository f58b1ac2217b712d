# proves: a query reads the names that it mentions
# recipe: 1 3 4
# %%
import pandas as pd
df = pd.DataFrame({"a": [3, 1, 5]})
# %%
unrelated = 0
# %%
limit = 2
# %%
df.query("a > @limit")
