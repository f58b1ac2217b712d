# proves: a closure's own state is advanced by each call
# recipe: 1 2 3 5
# %%
def make():
    count = 0
    def step():
        nonlocal count
        count += 1
        return count
    return step
# %%
step = make()
# %%
step()
# %%
other = make()
other()
# %%
step()
