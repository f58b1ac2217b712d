# proves: what is sent into a generator is kept by it
# recipe: 1 2 3 4
# %%
def gather():
    kept = []
    while True:
        kept.append((yield kept))
# %%
sink = gather()
next(sink)
# %%
sink.send("a")
# %%
sink.send("b")
