"""What a model takes, from the data that it is fitted to.

JSON, in one of two forms. A table::

    {"version": 1, "container": "pandas.DataFrame",
     "inputs": [{"name": "age", "kind": "integer", "dtype": "int64"},
                {"name": "town", "kind": "category", "dtype": "str", "optional": true,
                 "categories": ["Bern", "Chur"], "closed": true}],
     "outputs": [column, ...]}

An array: ``"shape": [null, 28, 28]`` and ``"dtype": "float32"`` in place of ``inputs``.
``kind`` is integer, float, bool, category, text, time, duration or other. A column is
``optional`` when values of it were missing. Categories are listed when all rows were
read and there are few; ``closed`` says that the data type itself allows no others.
"""

from __future__ import annotations

from typing import Any

from jupyter_mlops.capture.example import plain_value, shape_of
from jupyter_mlops.capture.profile.frame import text_of
from jupyter_mlops.capture.secretnames import is_secret_name

VERSION = 1
NAMES = 10_000
"""Columns beyond which a table's are not listed."""
CATEGORIES = 1_000
_TABLES = frozenset(
    {"pandas.DataFrame", "pandas.Series", "polars.DataFrame", "polars.Series"}
)


def signature_of(data: Any, profile: dict[str, Any]) -> dict[str, Any] | None:
    """Say what a model takes that is fitted to `data`.

    Parameters
    ----------
    data : frame-like
        The features, as they were given to the fit.
    profile : dict
        As `jupyter_mlops.capture.profile` describes them, and the target.

    Returns
    -------
    dict or None
        As above; None when the data has neither names nor a shape.
    """
    container = profile["container"]
    found: dict[str, Any] = {"version": VERSION, "container": container}
    is_whole = profile["rows_read"] == profile["rows"]
    columns = [_column(item, is_whole=is_whole) for item in profile["features"]]
    shape = shape_of(data)
    if container in _TABLES:
        if profile["columns"] > NAMES:
            return None
        columns += _further(data, len(columns))
        _name_in_full(data, columns)
        _add_categories(data, columns)
        found["inputs"] = columns
    elif shape is not None and getattr(data, "dtype", None) is not None:
        found["shape"] = [None, *shape[1:]]
        found["dtype"] = str(data.dtype).removeprefix("torch.")
    elif container == "builtins.list" and shape is not None:
        found["shape"] = [None, *shape[1:]]
        kinds = {item["kind"] for item in columns}
        found["dtype"] = "float64" if kinds <= {"integer", "float"} else "object"
    elif container == "builtins.list":
        found["inputs"] = columns
    else:
        return None
    if "target" in profile:
        found["outputs"] = [
            _column(item, is_whole=is_whole) for item in profile["target"]
        ]
    return found


def _column(item: dict[str, Any], *, is_whole: bool) -> dict[str, Any]:
    found = {
        "name": item["name"],
        "kind": kind_of(item["kind"], str(item["dtype"])),
        "dtype": str(item["dtype"]),
    }
    if item.get("missing"):
        found["optional"] = True
    top = item.get("top")
    is_all = is_whole and not item.get("others") and not item.get("masked")
    # Where no value is there twice, they are no categories.
    if item["kind"] == "category" and top and is_all and len(top) < item["count"]:
        found["categories"] = [value for value, _ in top]
    return found


def kind_of(kind: str, dtype: str) -> str:
    """Return a column's kind, from its profile's and its data type."""
    plain = dtype.lower()
    if kind == "bool" or plain in ("bool", "boolean"):
        return "bool"
    if kind == "number":
        if plain.startswith(("int", "uint")):
            return "integer"
        return "duration" if plain.startswith(("timedelta", "duration")) else "float"
    return kind


def _name_in_full(data: Any, columns: list[dict[str, Any]]) -> None:
    """Undo that a profile cuts long names."""
    names = getattr(data, "columns", None)
    if names is not None:
        for column, name in zip(columns, names, strict=True):
            column["name"] = text_of(name)


def _further(data: Any, known: int) -> list[dict[str, Any]]:
    """Name the columns that a profile leaves out."""
    columns = getattr(data, "columns", None)
    if columns is None or len(columns) <= known:
        return []
    types = [str(item) for item in data.dtypes][known:]
    return [
        {"name": text_of(name), "kind": _kind_by_type(dtype), "dtype": dtype}
        for name, dtype in zip(list(columns)[known:], types, strict=True)
    ]


def _kind_by_type(dtype: str) -> str:
    plain = dtype.lower()
    for kind, starts in _KINDS.items():
        if plain.startswith(starts):
            return kind
    return "other"


_KINDS = {
    "integer": ("int", "uint"),
    "float": ("float",),
    "bool": ("bool",),
    "category": ("category", "enum"),
    "text": ("str",),
    "time": ("datetime", "date", "time["),
    "duration": ("timedelta", "duration"),
}


def _add_categories(data: Any, columns: list[dict[str, Any]]) -> None:
    """Take the categories that a data type declares in place of those that were met."""
    for place, column in enumerate(columns):
        if column["dtype"] != "category":
            continue
        series = data.iloc[:, place] if hasattr(data, "iloc") else None
        series = data if getattr(data, "ndim", 2) == 1 else series
        categories = None if series is None else series.cat.categories
        column["kind"] = "category"
        column.pop("categories", None)
        if is_secret_name(column["name"]) or categories is None:
            continue
        if len(categories) <= CATEGORIES:
            column["categories"] = [plain_value(value) for value in categories.tolist()]
            column["closed"] = True
