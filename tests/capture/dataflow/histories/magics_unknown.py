# proves: a cell in a language that only a magic understands is kept
# recipe: 1 2 4
# run: no
# %%
%load_ext sql
# %%
%%sql sqlite://
select 1
# %%
print("shown")
# %%
x = 1
x
