# proves: a file that is added to needs all its writers
# recipe: 1 2 3
# %%
with open("log.txt", "w") as file:
    file.write("a")
# %%
with open("log.txt", "a") as file:
    file.write("b")
# %%
open("log.txt").read()
