"""Plain lists of rows and dicts of columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlops.capture.profile.columns import Column
from jupyter_mlops.capture.profile.frame import (
    COLUMN_LIMIT,
    Frame,
    container_of,
    text_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jupyter_mlops.capture.profile.frame import Look


def list_of_rows(value: Any, name: str) -> Frame | None:
    """Look at a list: of rows, of records, or of single values."""
    if not value:
        return None
    first = value[0]
    is_row = isinstance(first, list | tuple) or getattr(first, "shape", ()) != ()
    if isinstance(first, dict):
        keys: list[Any] = list(first)[:COLUMN_LIMIT]
        names = [text_of(key) for key in keys]
    elif is_row:
        keys = list(range(min(len(first), COLUMN_LIMIT)))
        names = [f"x{key}" for key in keys]
    else:
        keys, names = [None], [name]

    def cell(row: Any, key: Any) -> Any:
        if isinstance(row, dict):
            return row.get(key)
        return _item(row[key] if is_row else row)

    def read(rows: Any | None) -> Iterable[Column]:
        part = value if rows is None else [value[place] for place in rows.tolist()]
        return [
            Column(own, "object", [cell(row, key) for row in part])
            for own, key in zip(names, keys, strict=True)
        ]

    width = len(first) if is_row or isinstance(first, dict) else 1
    return Frame(container_of(value), len(value), width, names, read, len(names))


def _item(value: Any) -> Any:
    # A scalar of NumPy says as Python's own what it is.
    return value.item() if getattr(value, "shape", None) == () else value


def dict_of_columns(value: dict[Any, Any], look: Look) -> Frame | None:
    """Look at a dict of columns, or of arrays with several columns each."""
    parts = {text_of(key): look(part, text_of(key)) for key, part in value.items()}
    known = {key: part for key, part in parts.items() if part is not None}
    if not known or len({part.rows for part in known.values()}) != 1:
        return None
    names = [
        own if len(part.names) == 1 else f"{key}.{own}"
        for key, part in known.items()
        for own in part.names
    ]

    def read(rows: Any | None) -> Iterable[Column]:
        found = [item for part in known.values() for item in part.read(rows)]
        return [
            column._replace(name=own)
            for own, column in zip(names[:COLUMN_LIMIT], found, strict=False)
        ]

    rows = next(iter(known.values())).rows
    width = sum(part.width for part in known.values())
    objects = sum(part.objects for part in known.values())
    short = names[:COLUMN_LIMIT]
    return Frame(
        container_of(value), rows, width, short, read, min(objects, len(short))
    )
