# proves: a recursive function is followed to its end
# recipe: 1 2 3
# %%
seen = []
# %%
def walk(tree):
    seen.append(tree[0])
    for branch in tree[1:]:
        walk(branch)
walk([1, [2, [3]], [4]])
# %%
seen
