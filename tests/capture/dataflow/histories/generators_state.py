# proves: reading from a generator moves it on
# recipe: 1 2 3 5
# %%
def numbers():
    for value in [10, 20, 30]:
        yield value
# %%
stream = numbers()
# %%
first = next(stream)
# %%
other = list(numbers())
# %%
next(stream)
