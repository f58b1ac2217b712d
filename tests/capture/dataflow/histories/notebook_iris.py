# proves: a plain analysis of 40 cells loses its looks, plots and other models
# recipe: 1 2 4 5 13 14 15 16 21 22 40
# %%
import warnings
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, confusion_matrix
from sklearn.model_selection import cross_val_score, train_test_split
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier
# %%
warnings.filterwarnings("ignore")
np.random.seed(42)
# %%
plt.rcParams["figure.figsize"] = (3, 2)
# %%
iris = load_iris(as_frame=True)
# %%
df = iris.frame.copy()
# %%
df.head()
# %%
df.info()
# %%
df.describe()
# %%
df.isna().sum()
# %%
df["target"].value_counts()
# %%
df.hist()
plt.tight_layout()
plt.show()
# %%
print(df.corr().round(2))
# %%
df["petal area"] = df["petal length (cm)"] * df["petal width (cm)"]
# %%
df = df.drop_duplicates()
# %%
features = [c for c in df.columns if c != "target"]
# %%
X, y = df[features], df["target"]
# %%
X.shape, y.shape
# %%
fig, ax = plt.subplots()
ax.scatter(df["petal area"], df["sepal width (cm)"], c=y)
plt.show()
# %%
for name, group in df.groupby("target"):
    print(name, len(group))
# %%
means = df.groupby("target").mean()
means.plot(kind="bar")
# %%
X_train, X_test, y_train, y_test = train_test_split(
    X, y, test_size=0.3, random_state=1
)
# %%
scaler = StandardScaler()
X_train_s = scaler.fit_transform(X_train)
X_test_s = scaler.transform(X_test)
# %%
X_train_s.mean(axis=0).round(3)
# %%
tree = DecisionTreeClassifier(max_depth=2, random_state=0)
tree.fit(X_train, y_train)
# %%
tree_pred = tree.predict(X_test)
# %%
accuracy_score(y_test, tree_pred)
# %%
confusion_matrix(y_test, tree_pred)
# %%
deep = DecisionTreeClassifier(random_state=0).fit(X_train, y_train)
print(deep.score(X_test, y_test))
# %%
importances = pd.Series(tree.feature_importances_, index=features)
importances.sort_values().plot.barh()
plt.show()
# %%
scores = cross_val_score(deep, X, y, cv=3)
scores.mean()
# %%
depths, accuracies = [], []
for depth in range(1, 4):
    model = DecisionTreeClassifier(max_depth=depth, random_state=0)
    model.fit(X_train, y_train)
    depths.append(depth)
    accuracies.append(model.score(X_test, y_test))
# %%
plt.plot(depths, accuracies)
plt.xlabel("depth")
plt.show()
# %%
best_depth = depths[int(np.argmax(accuracies))]
best_depth
# %%
def report(name, truth, guess):
    print(name, accuracy_score(truth, guess))
# %%
report("tree", y_test, tree_pred)
# %%
sample = X_test.sample(3, random_state=0)
sample
# %%
pd.DataFrame({"depth": depths, "accuracy": accuracies})
# %%
wrong = X_test[tree_pred != y_test]
len(wrong)
# %%
wrong.to_csv("wrong.csv")
# %%
logit = LogisticRegression(C=0.5, max_iter=500, random_state=0)
logit.fit(X_train_s, y_train)
accuracy = logit.score(X_test_s, y_test)
print(round(accuracy, 3))
