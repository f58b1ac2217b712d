# proves: exec of built text is kept whole, with all it may read
# recipe: 1 2 3 4
# evidence: yes
# %%
name, value = "answer", 42
# %%
lucky = 7
# %%
exec(f"{name} = {value} + lucky")
# %%
answer
