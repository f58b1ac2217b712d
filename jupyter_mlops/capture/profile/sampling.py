"""Which rows of a large frame are read: evenly spread, always the same ones."""

from __future__ import annotations

from typing import Any

VALUE_LIMIT = 500_000
"""Numbers read of one frame, all columns counted."""
OBJECT_LIMIT = 200_000
"""Values read of one frame's columns of Python objects, which cost more each."""
LEAST = 1_000
_GOLDEN = 0.6180339887498949


def rows_to_read(rows: int, columns: int, objects: int = 0) -> int:
    """Return how many rows of a frame are read.

    Parameters
    ----------
    columns, objects : int
        How many columns are described, and how many of these hold Python objects.
    """
    limit = VALUE_LIMIT // max(columns, 1)
    if objects:
        limit = min(limit, OBJECT_LIMIT // objects)
    return min(rows, max(limit, LEAST))


def sample_rows(rows: int, wanted: int) -> Any | None:
    """Choose `wanted` rows; None when all are wanted.

    Returns
    -------
    ndarray of int or None
        Ascending. One of each of `wanted` equal stretches, at a place within it that
        moves by the golden ratio: rows with a rhythm (hours of a day) come out even,
        and nobody's random generator is touched.
    """
    if wanted >= rows:
        return None
    import numpy as np

    places = np.arange(wanted, dtype=np.float64)
    found = (places + (places * _GOLDEN) % 1.0) * (rows / wanted)
    return np.minimum(found.astype(np.int64), rows - 1)
