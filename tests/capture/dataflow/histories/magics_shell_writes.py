# proves: a command may write the file that a later cell reads
# recipe: 1 3
# %%
!echo 12 > count.txt
# %%
!ls
# %%
int(open("count.txt").read())
