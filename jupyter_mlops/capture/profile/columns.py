"""Describes one column, from the form that its library hands it out in."""

from __future__ import annotations

from typing import Any, NamedTuple

from jupyter_mlops.capture.profile.numbers import describe_numbers
from jupyter_mlops.capture.profile.values import describe_values, truths
from jupyter_mlops.capture.secretnames import is_secret_name

_NAME_WIDTH = 200


class Column(NamedTuple):
    """The values of one column that are read.

    Attributes
    ----------
    values : ndarray with 1 axis, or list
        An array when it holds numbers, booleans, times or durations.
    """

    name: str
    dtype: str
    values: Any


def describe_column(column: Column) -> dict[str, Any]:
    """Return the column's part of a profile."""
    name = column.name
    short = name if len(name) <= _NAME_WIDTH else name[: _NAME_WIDTH - 1] + "…"
    return {"name": short, "dtype": column.dtype} | _describe(column)


def _describe(column: Column) -> dict[str, Any]:
    import numpy as np

    values = column.values
    if isinstance(values, list):
        return describe_values(values, is_secret=is_secret_name(column.name))
    kind = values.dtype.kind
    if kind == "b":
        true = int(values.sum())
        seen = {"kind": "bool", "missing": 0, "count": len(values)}
        return seen | truths(true, len(values) - true)
    if kind == "M":
        return _describe_times(values)
    if kind == "m":
        seconds = values / np.timedelta64(1, "s")
        return describe_numbers(seconds) | {"unit": "seconds"}
    if kind in "iuf":
        return describe_numbers(values.astype(np.float64, copy=False))
    is_secret = is_secret_name(column.name)
    return describe_values(values.tolist(), is_secret=is_secret)


def _describe_times(values: Any) -> dict[str, Any]:
    import numpy as np

    is_there = ~np.isnat(values)
    there = values[is_there]
    found: dict[str, Any] = {
        "kind": "time",
        "missing": len(values) - len(there),
        "count": len(there),
    }
    if len(there):
        found |= {"min": str(there.min()), "max": str(there.max())}
    return found
