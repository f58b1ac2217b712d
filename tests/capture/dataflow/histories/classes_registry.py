# proves: a base may note its subclasses
# recipe: 1 2 3
# %%
class Plugin:
    known = []
    def __init_subclass__(cls):
        Plugin.known.append(cls.__name__)
# %%
class Csv(Plugin):
    pass
# %%
Plugin.known
