# proves: a method put on a class later is the one that runs
# recipe: 1 2 3 4
# %%
class Greeter:
    def hello(self):
        return "hello"
# %%
greeter = Greeter()
# %%
Greeter.hello = lambda self: "hi"
# %%
greeter.hello()
