# proves: a coroutine made earlier runs where it is awaited
# recipe: 1 2 4 5
# %%
async def fetch():
    return source
# %%
pending = fetch()
# %%
source = "early"
# %%
source = "late"
# %%
await pending
