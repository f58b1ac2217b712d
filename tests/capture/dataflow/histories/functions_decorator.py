# proves: a decorator runs each time the decorated function does
# recipe: 1 2 3 4 5
# %%
calls = []
# %%
def counted(function):
    def inner(*args):
        calls.append(args)
        return function(*args)
    return inner
# %%
@counted
def double(x):
    return 2 * x
# %%
double(4)
# %%
calls
