"""A notebook as it was last saved: the order and the text of its code cells."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson

from jupyter_mlops.capture.files.digests import OWN_FLAGS

_LARGEST = 100_000_000
"""Bytes; reading more than that would be felt."""


class DocumentCell(NamedTuple):
    """A code cell; notebooks before format 4.5 have no ids."""

    cell_id: str | None
    source: str


@dataclass(frozen=True, slots=True)
class Document:
    """The code cells of a notebook, in its order.

    Attributes
    ----------
    saved : float
        When it was saved, in seconds since 1970.
    """

    cells: tuple[DocumentCell, ...]
    saved: float


_last: tuple[tuple[object, ...], Document | None] = ((), None)


def read_document(path: str) -> Document | None:
    """Read a notebook; None when there is none that can be read.

    It is read again only when it was saved again.
    """
    global _last  # noqa: PLW0603 - a cache: a kernel serves one notebook
    try:
        found = os.stat(path)  # noqa: PTH116 - around every cell: cheap
    except (OSError, ValueError):
        return None
    key = (path, found.st_mtime_ns, found.st_size, found.st_ino)
    if _last[0] != key:
        is_small = found.st_size <= _LARGEST
        cells = _cells(path) if is_small else None
        read = None if cells is None else Document(cells, found.st_mtime)
        _last = (key, read)
    return _last[1]


def _cells(path: str) -> tuple[DocumentCell, ...] | None:
    try:
        # Opened as our own, so that no cell is said to have read it.
        with os.fdopen(os.open(path, OWN_FLAGS), "rb") as file:
            document = orjson.loads(file.read())
        return tuple(
            DocumentCell(_cell_id(cell), "".join(cell["source"]))
            for cell in document["cells"]
            if cell["cell_type"] == "code"
        )
    except (OSError, ValueError, KeyError, TypeError):
        # Half written, or no notebook.
        return None


def _cell_id(cell: dict[str, Any]) -> str | None:
    # Colab keeps its ids where they were before there was a place for them.
    told = cell.get("id") or cell.get("metadata", {}).get("id")
    return told if isinstance(told, str) else None
