# proves: a method that changes its object, and one that does not
# recipe: 1 2 3 5
# %%
class Stack:
    def __init__(self):
        self.items = []
    def push(self, item):
        self.items.append(item)
        return self
    def top(self):
        return self.items[-1]
# %%
stack = Stack()
# %%
stack.push(1)
# %%
peeked = stack.top()
# %%
stack.items
