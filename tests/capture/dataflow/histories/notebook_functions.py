# proves: helpers and classes are kept as far as the result uses them
# recipe: 1 2 3 5 7 8 11
# %%
import numpy as np
import pandas as pd
rng = np.random.default_rng(0)
# %%
class Source:
    opened = 0
    def __init__(self, n):
        Source.opened += 1
        self.n = n
    def read(self, rng):
        return pd.DataFrame({"v": rng.normal(size=self.n), "g": ["a", "b"] * (self.n // 2)})
# %%
def clean(frame, limit=2):
    """Drop what is far out."""
    return frame[frame["v"].abs() < limit]
# %%
def show(frame):
    print(frame.head(2))
# %%
raw = Source(20).read(rng)
# %%
show(raw)
# %%
threshold = 1.5
# %%
tidy = clean(raw, threshold)
# %%
show(tidy)
# %%
threshold = 3
# %%
result = tidy.groupby("g")["v"].mean().round(4)
result
