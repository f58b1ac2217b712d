"""Random programs over frames, arrays, estimators and random generators."""

from __future__ import annotations

import random

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator

from jupyter_mlops.capture.dataflow.cells import ExecutedCell

PRELUDE = """
import copy
import numpy as np, pandas as pd
from sklearn.linear_model import LinearRegression, Ridge, SGDRegressor
from sklearn.model_selection import train_test_split, KFold, cross_val_score
from sklearn.neighbors import KNeighborsRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeRegressor
np.random.seed(0)
f0 = pd.DataFrame({"a": [3.0, 1.0, 2.0, 5.0], "b": [1.0, 0.0, 4.0, 2.0]})
f1 = f0.copy()
a0 = np.arange(6.0)
a1 = np.arange(4.0).reshape(2, 2)
m0 = LinearRegression()
r0 = np.random.default_rng(1)
x0 = {}
"""
_RULES = """
N = F
N = F.copy()
N = F[["a", "b"]]
N = F[F["a"] > 1]
N = F.head(3)
N = F.sort_values("a")
N = F.dropna().reset_index(drop=True)
N = pd.concat([F, F]).reset_index(drop=True)
N = F.rename(columns={"c": "d"})
N = F.assign(c=F["a"] * 2)
N = pd.DataFrame({"a": A[:3], "b": A[:3]})
N = F.groupby("b", as_index=False).mean()
N = F.apply(lambda column: column + 1)
N = F.query("a > 0")
N = F.where(F > 0, 0.0)
N = F.fillna(0).astype(float)
N = F.merge(F, on="a", suffixes=("", "_r"))[["a", "b"]]
N = F.sample(2, random_state=0)
N = F.sample(2)
N, M = train_test_split(F, random_state=1)
N, M = train_test_split(F)
F["c"] = F["a"] + 1
F["a"] = A[: len(F)].sum()
F.loc[0, "a"] = 9.0
F.iloc[0, 1] = 7.0
F.at[0, "b"] = 4.0
F.columns = [str(column) for column in F.columns]
F.insert(0, "z", 1.0)
F.drop(columns=["c"], inplace=True, errors="ignore")
F.fillna(0, inplace=True)
F.pop("c")
del F["c"]
F.update(F)
F.index.name = "i"
B = A
B = A[1:]
B = A.reshape(-1)
B = A.ravel()
B = A.T
B = A.copy()
B = A[A > 1]
B = A[[0, 1]]
B = np.asarray(A)
B = np.array(A)
B = F["a"].to_numpy()
B = F.to_numpy()
B = np.sort(A)
B = np.concatenate([A, A])[:8]
B = np.where(A > 1, A, 0)
B = A * 2
B = np.random.normal(size=3)
B = r0.normal(size=3)
B = np.squeeze(A)
B = np.atleast_2d(A)[0]
A[0] = 8.0
A += 1
A *= 0.5
A[1:] = 2.0
A.sort()
A.fill(3.0)
np.add(A, 1, out=A)
np.random.shuffle(A)
r0.shuffle(A)
np.copyto(A, 1.0)
np.put(A, [0], 5.0)
for row in np.atleast_2d(A): row += 1
m1 = m0
m0 = LinearRegression()
m1 = Ridge(alpha=2.0, random_state=0)
m0 = KNeighborsRegressor(n_neighbors=1)
m1 = make_pipeline(StandardScaler(), m0)
m0 = DecisionTreeRegressor(max_depth=1)
m0 = DecisionTreeRegressor(max_depth=1, random_state=1)
m1 = copy.deepcopy(m0)
m0.fit(F[["a"]], F["b"])
m1.fit(F[["a"]].to_numpy(), F["b"].to_numpy())
m0.fit(A[:4].reshape(-1, 1), A[:4])
B = m0.predict(A[:4].reshape(-1, 1))
F["c"] = m1.predict(F[["a"]].to_numpy())
m1.set_params(**m1.get_params())
x0["score"] = m0.score(F[["a"]], F["b"])
x0["frame"] = F
x0["frame"]["a"] = 1.0
x0["array"] = A
x0["array"][0] = 11.0
x0["cv"] = cross_val_score(m0, F[["a"]], F["b"], cv=2).tolist()
x0["kf"] = [len(t) for t, _ in KFold(2, shuffle=True).split(A)]
x0["draw"] = float(np.random.rand())
N = x0["frame"]
g0 = F.groupby("b")
N = g0.mean().reset_index()
s0 = F["a"]
s0[0] = 3.0
s0 += 1
B = s0.values
print(F.describe(), A.mean())
np.random.seed(3)
F.head(); F["a"].mean()
"""
RULES = _RULES.strip().split("\n")


def make_frame_program(seed, length=14):
    """Give a random program's cells and the picture of its result."""
    dice = random.Random(seed)
    namespace, cells = {}, []
    _run(PRELUDE, namespace, cells)
    for _ in range(length):
        lines = [_line(dice) for _ in range(dice.choice((1, 1, 2)))]
        _run("\n".join(lines), namespace, cells)
    names = [name for name in namespace if len(name) == 2]
    wanted = sorted(dice.sample(names, 3))
    _run(f"R = [{', '.join(wanted)}]", namespace, cells)
    return cells, picture(namespace["R"])


def _line(dice):
    text = dice.choice(RULES)
    words = {"N": "f", "M": "f", "F": "f", "A": "a", "B": "a"}
    return "".join(
        f"{words[part]}{dice.randint(0, 2 if part in 'NMB' else 1)}"
        if part in words
        else part
        for part in _tokens(text)
    )


def _tokens(text):
    import re

    return re.split(r"\b([NMFAB])\b", text)


def _run(source, namespace, cells):
    failed = run_cell(source, namespace)
    cells.append(
        ExecutedCell(index=len(cells), source=source, python=source, failed=failed)
    )


def run_cell(source, namespace):
    """Run a cell, and tell whether it failed."""
    try:
        exec(compile(source, "<cell>", "exec"), namespace)
    except Exception:
        return True
    return False


def replay_frames(cells):
    """Run cells from a clean state and give the picture of their result."""
    np.random.seed()
    namespace = {}
    for cell in cells:
        run_cell(cell.source, namespace)
    return picture(namespace.get("R"))


def picture(value, depth=0):
    """Draw a value as text."""
    if depth > 5:
        return "…"
    if isinstance(value, pd.DataFrame | pd.Series):
        return f"{value.to_dict()} {value.index.name}"
    if isinstance(value, np.ndarray):
        return str(value.tolist())
    if isinstance(value, BaseEstimator):
        return type(value).__name__ + picture(dict(vars(value)), depth + 1)
    if isinstance(value, dict):
        items = sorted(value.items())
        return str({key: picture(one, depth + 1) for key, one in items})
    if isinstance(value, list | tuple):
        return str([picture(one, depth + 1) for one in value])
    if isinstance(value, int | float | str | bool | None):
        return repr(value)
    if isinstance(value, np.random.Generator):
        return str(value.bit_generator.state)
    return type(value).__name__
