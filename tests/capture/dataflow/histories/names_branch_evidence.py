# proves: evidence decides a branch that the text leaves open
# recipe: 1 3
# evidence: yes
# %%
mode = "fast"
# %%
if mode == "slow":
    mode = "safe"
# %%
mode
