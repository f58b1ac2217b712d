# proves: a cell that was edited and run again is kept as it ran last
# recipe: 3 4
# %% id=a
threshold = 0.5
# %% id=b
print(threshold)
# %% id=a
threshold = 0.9
# %% id=c
threshold
