# proves: results gathered over several cells are all kept
# recipe: 1 2 3 5
# %%
from sklearn.dummy import DummyClassifier
X, y, results = [[0], [1], [2]], [0, 1, 1], {}
# %%
results["frequent"] = DummyClassifier(strategy="most_frequent").fit(X, y).score(X, y)
# %%
results["prior"] = DummyClassifier(strategy="prior").fit(X, y).score(X, y)
# %%
print(max(results, key=results.get))
# %%
results
