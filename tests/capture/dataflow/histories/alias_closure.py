# proves: what a closure holds can be changed through another name
# recipe: 1 2 3 5
# %%
def reader(values):
    return lambda: sum(values)
# %%
numbers = [1, 2]
read = reader(numbers)
# %%
numbers.append(10)
# %%
other = reader([5])
# %%
read()
