"""Design matrices of formulas, without the formula being run.

A formula is Python to those who read it. Here it is what patsy made of it: terms,
factors, categories and contrasts; the code of a factor may be arithmetic on columns
and a few functions of NumPy, and is computed by us.
"""

from __future__ import annotations

import ast
import operator
from typing import Any

from jupyter_mlops.errors import InvalidInputError

FUNCTIONS = frozenset(
    {"abs", "cos", "exp", "expm1", "log", "log10", "log1p", "log2", "power", "sin",
     "sqrt", "square", "tanh"}
)  # fmt: skip
_BINARY = {
    ast.Add: operator.add,
    ast.Div: operator.truediv,
    ast.Mult: operator.mul,
    ast.Pow: operator.pow,
    ast.Sub: operator.sub,
}
_CALLS = frozenset({"C", "I", "Q"})
_DEPTH = 50


def design_to_json(design: Any) -> dict[str, Any]:
    """Write a patsy design as JSON.

    Raises
    ------
    TypeError
        When a factor is more than arithmetic, or keeps a state.
    """
    factors = {}
    for factor, info in design.factor_infos.items():
        code = factor.name()
        column_names(code)
        kept: dict[str, Any] = {"type": info.type}
        if info.type == "categorical":
            kept["categories"] = [_plain(item) for item in info.categories]
        elif info.num_columns != 1:
            raise TypeError(f"'{code}' makes several columns")
        factors[code] = kept
    terms = [
        [_subterm(part) for part in design.term_codings[term]] for term in design.terms
    ]
    return {"factors": factors, "terms": terms, "names": list(design.column_names)}


def _subterm(part: Any) -> dict[str, Any]:
    matrices = {f.name(): m.matrix.tolist() for f, m in part.contrast_matrices.items()}
    return {"factors": [item.name() for item in part.factors], "contrasts": matrices}


def _plain(value: Any) -> Any:
    value = value.item() if hasattr(value, "item") else value
    if value is None or type(value) not in (bool, int, float, str):
        raise TypeError(f"a category of type {type(value).__name__}")
    return value


def matrix_of(design: dict[str, Any], frame: Any) -> Any:
    """Return the design matrix of a frame, rows by columns; NaN where it has none."""
    import numpy as np

    rows = len(frame)
    known = {
        code: _factor(code, kept, frame) for code, kept in design["factors"].items()
    }
    columns = [_columns(part, known, rows) for term in design["terms"] for part in term]
    return np.hstack(columns) if columns else np.empty((rows, 0))


def _columns(part: dict[str, Any], known: dict[str, Any], rows: int) -> Any:
    import numpy as np

    found = np.ones((rows, 1))
    for code in part["factors"]:
        values = known[code]
        if code in part["contrasts"]:
            matrix = np.asarray(part["contrasts"][code], dtype=np.float64)
            inner = np.full((rows, matrix.shape[1]), np.nan)
            is_there = values >= 0
            inner[is_there] = matrix[values[is_there]]
        else:
            inner = np.asarray(values, dtype=np.float64).reshape(rows, 1)
        # The first factor's columns vary fastest.
        found = (inner[:, :, None] * found[:, None, :]).reshape(rows, -1)
    return found


def _factor(code: str, kept: dict[str, Any], frame: Any) -> Any:
    values = _computed(ast.parse(code, mode="eval").body, frame, 0)
    if kept["type"] != "categorical":
        return values
    import pandas as pd

    places = {item: place for place, item in enumerate(kept["categories"])}
    series = pd.Series(values)
    found = series.map(places)
    new = series[found.isna() & series.notna()]
    if len(new):
        raise InvalidInputError(
            f"'{code}' has the value {new.iloc[0]!r}, which the model was not fitted "
            f"with. It knows: {', '.join(map(repr, kept['categories'][:8]))}.",
            column=code,
        )
    return found.fillna(-1).astype(int).to_numpy()


def column_names(code: str) -> set[str]:
    """Name the columns that a factor reads.

    Raises
    ------
    TypeError
        When it is more than arithmetic on columns.
    """
    names: set[str] = set()
    tree = ast.parse(code, mode="eval").body
    _computed(tree, _Names(names), 0)
    return names


class _Names:
    """Stands for a frame: it notes which columns are read."""

    def __init__(self, names: set[str]) -> None:
        self._names = names

    def __getitem__(self, name: str) -> float:
        self._names.add(name)
        return 0.5


def _computed(node: ast.expr, frame: Any, depth: int) -> Any:
    if depth > _DEPTH:
        raise TypeError("nested too deeply")
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        return node.value
    if isinstance(node, ast.Name):
        return frame[node.id]
    if isinstance(node, ast.BinOp) and type(node.op) in _BINARY:
        left = _computed(node.left, frame, depth + 1)
        return _BINARY[type(node.op)](left, _computed(node.right, frame, depth + 1))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_computed(node.operand, frame, depth + 1)
    if isinstance(node, ast.Call) and not node.keywords:
        return _called(node, frame, depth)
    raise TypeError(f"'{ast.unparse(node)}' is more than arithmetic on columns")


def _called(node: ast.Call, frame: Any, depth: int) -> Any:
    import numpy as np

    name = ast.unparse(node.func)
    first = node.args[0] if len(node.args) == 1 else None
    if name == "Q" and isinstance(first, ast.Constant) and isinstance(first.value, str):
        return frame[first.value]
    if name in _CALLS - {"Q"} and first is not None:
        return _computed(first, frame, depth + 1)
    if name.startswith("np.") and name[3:] in FUNCTIONS:
        args = [_computed(item, frame, depth + 1) for item in node.args]
        return getattr(np, name[3:])(*args)
    raise TypeError(f"'{ast.unparse(node)}' is more than arithmetic on columns")
