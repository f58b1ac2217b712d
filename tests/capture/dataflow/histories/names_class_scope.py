# proves: a class body reads names when it runs
# recipe: 1 2 4
# %%
default = 3
# %%
class Settings:
    level = default
# %%
default = 9
# %%
Settings.level
