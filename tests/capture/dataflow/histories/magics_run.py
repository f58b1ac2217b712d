# proves: %run may bind any name, and needs its file
# recipe: 1 2 4
# %%
%%writefile script.py
answer = 42
# %%
%run script.py
# %%
other = 1
# %%
answer
