"""Columns and rows of a data file, where a look at its ends tells them. Bounded."""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import Any

COUNTED_BYTES = 8_000_000
"""Of a text file whose lines are counted; of a longer one only the columns are told."""
_HEAD = 65_536
_COLUMNS = 200
_LETTERS = 200
_TABLES = frozenset({".csv", ".tsv"})
_PARQUET = frozenset({".parquet", ".pq"})
_SIGNS = ",;\t|"


def file_schema(path: Path | str) -> dict[str, Any] | None:
    """Return ``rows`` (None when unknown) and ``columns``, pairs of name and type.

    None for what is no table, or cannot be told without a library that is not
    loaded: parquet is read by whichever library the user read it with.
    """
    path = Path(path)
    suffix = path.suffix.lower()
    try:
        if suffix in _TABLES:
            return _of_text(path)
        if suffix in _PARQUET:
            return _of_parquet(path)
    except Exception:  # noqa: BLE001 - whatever it is, it is no table that we can read
        return None
    return None


def _of_text(path: Path) -> dict[str, Any] | None:
    with path.open("rb") as file:
        head = file.read(_HEAD)
        size = file.seek(0, 2)
        first = head.partition(b"\n")[0].decode("utf-8-sig").rstrip("\r")
        if not first:
            return None
        rows = None
        if size <= COUNTED_BYTES:
            file.seek(0)
            data = file.read(COUNTED_BYTES)
            rows = data.count(b"\n") - data.endswith(b"\n")
    sign = max(_SIGNS, key=first.count)
    names = next(csv.reader([first], delimiter=sign))
    return _schema(rows, [(name, "") for name in names])


def _of_parquet(path: Path) -> dict[str, Any] | None:
    if "pyarrow" in sys.modules:
        import pyarrow.parquet

        with pyarrow.parquet.ParquetFile(path) as file:
            columns = [(item.name, str(item.type)) for item in file.schema_arrow]
            return _schema(file.metadata.num_rows, columns)
    polars = sys.modules.get("polars")
    if polars is None:
        return None
    frame = polars.scan_parquet(path)
    columns = [(name, str(kind)) for name, kind in frame.collect_schema().items()]
    return _schema(frame.select(polars.len()).collect().item(), columns)


def _schema(rows: int | None, columns: list[tuple[str, str]]) -> dict[str, Any]:
    named = [[name[:_LETTERS], kind[:_LETTERS]] for name, kind in columns[:_COLUMNS]]
    return {"rows": rows, "width": len(columns), "columns": named}
