# proves: methods are found in the bases, by way of super, too
# recipe: 1 2 3 4 6
# %%
trail = []
# %%
class Base:
    def visit(self, what):
        trail.append(what)
class Other:
    def visit(self, what):
        return what
# %%
class Derived(Base):
    def visit(self, what):
        super().visit(what)
        return self
# %%
Derived().visit("x")
# %%
Other().visit("y")
# %%
trail
