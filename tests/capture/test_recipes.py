"""Histories of cells and the recipe of the last one, each also run from nothing.

A history is cells between lines of ``# %%``; those of the recipe are marked ``# %% +``.
"""

from __future__ import annotations

import pytest

from jupyter_mlops.capture.dataflow.cells import ExecutedCell
from jupyter_mlops.capture.dataflow.history import History

HISTORIES = {
    "only what is read": """
# %% +
a = [1, 2]
# %%
b = [3]
# %% +
result = len(a)
""",
    "changed in place": """
# %% +
a = [1]
# %% +
a.append(2)
# %%
len(a)
# %% +
result = list(a)
""",
    "changed through an alias": """
# %% +
a = [1]
# %% +
b = a
# %% +
b.append(2)
# %% +
result = list(a)
""",
    "rebound, so the first is not needed": """
# %%
a = [1]
# %%
a.append(5)
# %% +
a = [2]
# %% +
result = list(a)
""",
    "augmented": """
# %% +
total = 1
# %% +
total += 2
# %% +
result = total
""",
    "run again with other text": """
# %%
rate = 1
# %% +
rate = 2
# %% +
result = rate * 10
""",
    "function reads a global when called": """
# %%
scale = 1
# %% +
def f(x):
    return x * scale
# %% +
scale = 3
# %% +
result = f(2)
""",
    "function changes a global list": """
# %% +
seen = []
# %% +
def note(x):
    seen.append(x)
# %% +
note(1)
# %%
other = 5
# %% +
result = list(seen)
""",
    "closure keeps state": """
# %% +
def counter():
    n = 0
    def step():
        nonlocal n
        n += 1
        return n
    return step
# %% +
step = counter()
# %% +
step()
# %% +
result = step()
""",
    "generator is drawn from": """
# %% +
numbers = (i * i for i in range(10))
# %% +
next(numbers)
# %% +
result = next(numbers)
""",
    "class attribute": """
# %% +
class Model:
    depth = 1
# %% +
Model.depth = 4
# %%
idle = Model
# %% +
result = Model().depth
""",
    "item of a dict": """
# %% +
conf = {}
# %% +
conf["a"] = 1
# %% +
conf["b"] = 2
# %% +
result = dict(conf)
""",
    "deleted and made again": """
# %%
x = 1
# %%
del x
# %% +
x = 2
# %% +
result = x
""",
    "comprehension has a scope": """
# %% +
i = 7
# %%
squares = [i * i for i in range(3)]
# %% +
result = i
""",
    "walrus binds": """
# %% +
if (n := 5) > 3:
    pass
# %% +
result = n
""",
    "seed before a draw": """
# %% +
import random
# %% +
random.seed(3)
# %% +
first = random.random()
# %% +
result = random.random()
""",
    "numpy's seed": """
# %% +
import numpy as np
# %% +
np.random.seed(1)
# %%
unused = 4
# %% +
result = float(np.random.normal())
""",
    "generator object of numpy": """
# %% +
import numpy as np
# %% +
rng = np.random.default_rng(0)
# %% +
noise = rng.normal(size=3)
# %% +
result = float(rng.normal())
""",
    "pandas in place": """
# %% +
import pandas as pd
# %% +
df = pd.DataFrame({"a": [3, 1, 2]})
# %% +
df.insert(0, "b", [1, 2, 3])
# %%
df.head(1)
# %%
mean = df["a"].mean()
# %% +
result = df["b"].tolist()
""",
    "column added": """
# %% +
import pandas as pd
df = pd.DataFrame({"a": [1, 2]})
# %% +
df["b"] = df["a"] * 2
# %%
summary = df.describe()
# %% +
result = int(df["b"].sum())
""",
    "estimator is fitted": """
# %% +
from sklearn.linear_model import LinearRegression
# %% +
model = LinearRegression()
# %%
rival = LinearRegression(fit_intercept=False)
# %% +
model.fit([[0.0], [1.0]], [0.0, 2.0])
# %%
rival.fit([[0.0], [1.0]], [0.0, 2.0])
# %% +
result = round(float(model.predict([[2.0]])[0]), 6)
""",
    "option of a library": """
# %% +
import pandas as pd
# %% +
pd.options.display.precision = 2
# %% +
result = repr(pd.Series([1.23456]))
""",
    "star import": """
# %% +
from math import *
# %% +
result = floor(pi)
""",
    "loop changes what it goes over": """
# %% +
rows = [[1], [2]]
# %% +
for row in rows:
    row.append(0)
# %% +
result = [list(row) for row in rows]
""",
    "file written and read": """
# %% +
with open("numbers.txt", "w") as file:
    file.write("5")
# %%
print("nothing")
# %% +
result = int(open("numbers.txt").read())
""",
    "environment variable": """
# %% +
import os
# %% +
os.environ["MODE"] = "fast"
# %% +
result = os.environ["MODE"]
""",
    "exec hides what it does": """
# %% +
text = "hidden = 4"
# %% +
exec(text)
# %% +
result = hidden
""",
    "what a try leaves": """
# %% +
try:
    import nothing_such
    found = True
except ImportError:
    found = False
# %% +
result = found
""",
}


def cells_of(text):
    parts = text.strip().split("# %%")[1:]
    marks = [part.split("\n", 1)[0].strip() == "+" for part in parts]
    sources = [part.split("\n", 1)[1] for part in parts]
    return sources, [index for index, is_kept in enumerate(marks) if is_kept]


def recipe_of(sources):
    history = History()
    for index, source in enumerate(sources):
        history.append(ExecutedCell(index=index, source=source, python=source))
    return history.recipe(len(sources) - 1)


def value_after(sources, folder, monkeypatch):
    folder.mkdir()
    monkeypatch.chdir(folder)
    namespace = {"__name__": "__main__"}
    for source in sources:
        exec(compile(source, "<cell>", "exec"), namespace)
    return namespace["result"]


@pytest.mark.parametrize("name", HISTORIES)
def test_recipe_is_the_marked_cells(name):
    sources, marked = cells_of(HISTORIES[name])
    assert list(recipe_of(sources).indices) == marked


@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.parametrize("name", HISTORIES)
def test_recipe_makes_the_same_value(name, tmp_path, monkeypatch):
    monkeypatch.setenv("MODE", "slow")
    sources, _ = cells_of(HISTORIES[name])
    kept = [cell.cell.source for cell in recipe_of(sources).cells]
    whole = value_after(sources, tmp_path / "whole", monkeypatch)
    monkeypatch.setenv("MODE", "slow")
    again = value_after(kept, tmp_path / "again", monkeypatch)
    assert again == whole


def test_each_kept_cell_says_why():
    sources, _ = cells_of(HISTORIES["changed in place"])
    reasons = [cell.reasons for cell in recipe_of(sources).cells]
    assert "a" in reasons[0][0]
    assert all(reasons)


def test_cell_that_cannot_be_analysed_is_named():
    sources = ["exec(input())", "x = 1", "result = x"]
    recipe = recipe_of(sources)
    assert recipe.indices == (0, 1, 2)
    assert recipe.unanalysable[0].cell.index == 0
    assert recipe.unanalysable[0].why
