# proves: a body may hold further magics
# recipe: 1 2 4
# %%
x = 2
# %%
%%capture shown
!echo {x}
%time y = x + 1
# %%
z = 1
# %%
y
