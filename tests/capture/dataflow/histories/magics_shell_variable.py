# proves: a command reads the names it is filled with
# recipe: 1 2 4
# %%
word = "hello"
# %%
said = !echo {word} $word
# %%
unused = !echo nothing
# %%
list(said)
