# proves: a script cell may write the file that a later cell reads
# recipe: 1 2
# %%
%%bash
echo 5 > five.txt
# %%
open("five.txt").read()
