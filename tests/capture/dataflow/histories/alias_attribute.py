# proves: an attribute keeps the object it was given
# recipe: 1 2 3 4
# %%
from types import SimpleNamespace
# %%
values = [1]
box = SimpleNamespace(values=values)
# %%
values.append(2)
# %%
box.values
