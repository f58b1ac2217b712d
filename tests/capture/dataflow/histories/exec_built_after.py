# proves: every recipe after an unreadable cell keeps it, but not the shows after it
# recipe: 1 2 4 5
# evidence: yes
# %%
parts = ["a", "b"]
# %%
for part in parts:
    exec(f"{part} = 1")
# %%
print(sum([1, 2]))
# %%
total = 3
# %%
total
