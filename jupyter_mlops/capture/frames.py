"""The head of a table that a cell shows: shape, types and first rows, as plain values.

Libraries are told by their classes and never imported; the table is only read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jupyter_mlops.capture.kinship import is_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

ROWS = 50
CELLS = 1000
"""First rows of which values are kept: fewer, of a table with many columns."""
VALUED_COLUMNS = 50
NAMED_COLUMNS = 200
"""Columns whose values, and whose names and types are kept."""
LETTERS = 200
"""Of one value, and of one name."""

_PLAIN = frozenset({bool, int, type(None)})
_MISSING = frozenset({"NAType", "NaTType"})
_TOLD = frozenset({"datetime", "decimal", "fractions", "pandas", "pathlib", "uuid"})
"""Packages whose small values say all of themselves as text."""
_CONTAINERS = frozenset({list, tuple, dict, set, frozenset})
_SAID = frozenset({bool, int, float, str, type(None)})
_PARTS = 8
_LARGE = 1 << 62


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameHead:
    """A table as it was when it was shown.

    Attributes
    ----------
    shape : tuple of int
        Rows and columns of all of it.
    columns : tuple of (str, str)
        Name and type of the first columns; names may come twice.
    values : tuple of list
        First values of each of the first columns: JSON's types, None where missing.
    index : list or None
        Labels of those rows; None where they only count.
    """

    library: str
    shape: tuple[int, int]
    columns: tuple[tuple[str, str], ...]
    values: tuple[list[Any], ...]
    index: list[Any] | None = None


def frame_head(value: Any) -> FrameHead | None:
    """Take the head of a table of pandas or polars; None for anything else.

    A series is a table of one column, a styled table the one that it styles.
    """
    package = type(value).__module__.partition(".")[0]
    if package in ("builtins", "numpy", "matplotlib"):
        # Nearly all that is shown; a subclass of a frame has a module of its own.
        return None
    if is_of(value, "pandas.Styler"):
        value = value.data
    if is_of(value, "pandas.Series"):
        value = value.to_frame("" if value.name is None else value.name)
    if is_of(value, "pandas.DataFrame"):
        return _of_pandas(value)
    if is_of(value, "polars.Series"):
        value = value.to_frame()
    return _of_polars(value) if is_of(value, "polars.DataFrame") else None


def _of_pandas(frame: Any) -> FrameHead:
    shape = (int(frame.shape[0]), int(frame.shape[1]))
    head = frame.iloc[: row_count(shape[1]), :VALUED_COLUMNS]
    is_narrow = shape[1] <= VALUED_COLUMNS
    named = head if is_narrow else frame.iloc[:0, :NAMED_COLUMNS]
    columns = zip(named.columns, named.dtypes, strict=True)
    is_counting = is_of(frame.index, "pandas.RangeIndex")
    return FrameHead(
        library="pandas",
        shape=shape,
        columns=tuple((_name(name), str(kind)) for name, kind in columns),
        values=tuple(_values(column.tolist()) for _, column in head.items()),
        index=None if is_counting else _values(head.index.tolist()),
    )


def _of_polars(frame: Any) -> FrameHead:
    shape = (int(frame.shape[0]), int(frame.shape[1]))
    columns = list(frame.schema.items())[:NAMED_COLUMNS]
    head = frame[:, :VALUED_COLUMNS].head(row_count(shape[1]))
    return FrameHead(
        library="polars",
        shape=shape,
        columns=tuple((_name(name), str(kind)[:LETTERS]) for name, kind in columns),
        values=tuple(_values(column.to_list()) for column in head.get_columns()),
    )


def row_count(columns: int) -> int:
    """Say of how many rows values are kept, of a table with so many columns."""
    return min(ROWS, CELLS // max(1, min(columns, VALUED_COLUMNS)))


def _values(found: Sequence[Any]) -> list[Any]:
    kinds = set(map(type, found))
    if kinds <= _PLAIN and not any(
        type(item) is int and abs(item) >= _LARGE for item in found
    ):
        return list(found)
    if kinds == {float}:
        return [None if item != item else item for item in found]  # noqa: PLR0124 - NaN
    return [_value(item) for item in found]


def _value(item: Any) -> Any:
    kind = type(item)
    if kind is str:
        return item if len(item) <= LETTERS else item[: LETTERS - 1] + "…"
    if kind in _PLAIN:
        return item if abs(item or 0) < _LARGE else str(item)
    if kind is float:
        return None if item != item else item  # noqa: PLR0124 - NaN
    if kind.__name__ in _MISSING:
        return None
    return _text(item, kind)[:LETTERS]


def _text(item: Any, kind: type) -> str:
    """Write a value; what would be long, or a stranger's code, by its class only."""
    package = kind.__module__.partition(".")[0]
    try:
        if package in _TOLD or (package == "numpy" and item.shape == ()):
            return str(item)
        if kind in _CONTAINERS:
            parts = (*item, *item.values()) if kind is dict else item
            if len(parts) <= _PARTS and all(type(part) in _SAID for part in parts):
                return repr(item)
            return f"<{kind.__name__} of {len(item)}>"
    except Exception:  # noqa: BLE001 - a value that cannot be said is still there
        return f"<{kind.__name__}>"
    return f"<{kind.__name__}>"


def _name(name: Any) -> str:
    if isinstance(name, tuple):
        return _joined(name)
    return (name if isinstance(name, str) else str(name))[:LETTERS]


def _joined(parts: Iterable[Any]) -> str:
    """Write a name of several levels."""
    return " / ".join(str(part) for part in parts if part != "")[:LETTERS]
