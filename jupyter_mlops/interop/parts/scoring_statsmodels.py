"""Predicts for a fitted model of statsmodels, of which coefficients are kept.

Goes out as ``scoring.py`` beside the model. Formulas come as trees of arithmetic:
``["+", ["column", "age"], ["number", 1]]``; nothing of them is run as code.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy import special  # type: ignore[import-untyped]  # it ships no types

if TYPE_CHECKING:
    from pathlib import Path

_BINARY: dict[str, Any] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": lambda left, right: left / right,
    "**": lambda left, right: left**right,
}
_MEANS: dict[str, Any] = {
    "cloglog": lambda x: -np.expm1(-np.exp(x)),
    "identity": lambda x: x,
    "inverse": lambda x: 1 / x,
    "inverse_squared": lambda x: 1 / np.sqrt(x),
    "log": np.exp,
    "logit": special.expit,
    "probit": special.ndtr,
    "softmax": lambda x: special.softmax(
        np.column_stack([np.zeros(len(x)), x]), axis=1
    ),
    "sqrt": np.square,
}


def load(folder: Path, told: dict[str, Any]) -> dict[str, Any]:
    """Read coefficients, link and design."""
    kept: dict[str, Any] = json.loads((folder / told["file"]).read_bytes())
    return {**kept, "coefficients": np.asarray(kept["coefficients"], dtype=float)}


def predict(model: dict[str, Any], data: Any) -> Any:
    """Predict the mean for a frame, or for a matrix where there is no formula."""
    if model["design"] is None:
        matrix = np.asarray(data, dtype=float)
    else:
        matrix = _matrix(model["design"], pd.DataFrame(data))
    return _MEANS[model["link"]](matrix @ model["coefficients"])


def _matrix(design: dict[str, Any], frame: Any) -> Any:
    known = {
        code: _factor(code, kept, frame) for code, kept in design["factors"].items()
    }
    rows = len(frame)
    columns = [_columns(part, known, rows) for term in design["terms"] for part in term]
    return np.hstack(columns) if columns else np.empty((rows, 0))


def _columns(part: dict[str, Any], known: dict[str, Any], rows: int) -> Any:
    found = np.ones((rows, 1))
    for code in part["factors"]:
        values = known[code]
        if code in part["contrasts"]:
            matrix = np.asarray(part["contrasts"][code], dtype=float)
            inner = np.full((rows, matrix.shape[1]), np.nan)
            is_there = values >= 0
            inner[is_there] = matrix[values[is_there]]
        else:
            inner = np.broadcast_to(np.asarray(values, dtype=float), rows)
            inner = inner.reshape(rows, 1)
        # The first factor's columns vary fastest.
        found = (inner[:, :, None] * found[:, None, :]).reshape(rows, -1)
    return found


def _factor(code: str, kept: dict[str, Any], frame: Any) -> Any:
    values = _computed(kept["tree"], frame)
    if kept["type"] != "categorical":
        return values
    places = {item: place for place, item in enumerate(kept["categories"])}
    series = pd.Series(values)
    found = series.map(places)
    new = series[found.isna() & series.notna()]
    if len(new):
        raise ValueError(f"'{code}' has the value {new.iloc[0]!r}, which is not known")
    return found.fillna(-1).astype(int).to_numpy()


def _computed(tree: list[Any], frame: Any) -> Any:
    word, *parts = tree
    if word == "column":
        return frame[parts[0]]
    if word == "number":
        return parts[0]
    values = [_computed(part, frame) for part in parts]
    if word == "negative":
        return -values[0]
    return (_BINARY.get(word) or getattr(np, word))(*values)
