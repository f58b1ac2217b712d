# proves: the inner function that counts is the one at the time of the call
# recipe: 2 3 4
# %%
def step(): return "old"
# %%
def run(): return step()
# %%
def step(): return "new"
# %%
run()
