# proves: evidence says which names %run bound
# recipe: 2 5
# evidence: yes
# %%
%%writefile script.py
answer = 42
# %%
kept = 6
# %%
%run script.py
# %%
print(answer)
# %%
kept
