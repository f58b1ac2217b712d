# proves: a container of collections holds the items that it is filled from
# recipe: 1 2 3 4
# %%
import collections
rows = {"a": [1]}
# %%
grouped = collections.defaultdict(list, rows)
# %%
for items in grouped.values():
    items.append(4)
# %%
print(rows)
