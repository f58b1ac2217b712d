# proves: a class attribute is shared by all instances
# recipe: 1 2 3 4
# %%
class Run:
    all = []
    def __init__(self, name):
        self.all.append(name)
# %%
first = Run("a")
# %%
Run.all.append("b")
# %%
Run.all
