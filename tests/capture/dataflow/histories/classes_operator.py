# proves: operators and builtins run special methods
# recipe: 1 2 3 4 6
# %%
used = []
# %%
class Money:
    def __init__(self, amount):
        self.amount = amount
    def __add__(self, other):
        used.append("+")
        return Money(self.amount + other.amount)
    def __len__(self):
        used.append("len")
        return 1
# %%
a, b = Money(1), Money(2)
# %%
c = a + b
# %%
plain = 1 + 2
# %%
used
