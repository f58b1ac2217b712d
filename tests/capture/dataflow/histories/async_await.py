# proves: a coroutine runs when it is awaited
# recipe: 1 3 4
# %%
async def fetch():
    return source
# %%
source = "early"
# %%
source = "late"
# %%
await fetch()
