# proves: making an instance may count on the class
# recipe: 1 2 3 4
# %%
class Ticket:
    number = 0
    def __init__(self):
        Ticket.number += 1
        self.mine = Ticket.number
# %%
a = Ticket()
# %%
b = Ticket()
# %%
b.mine
