"""Arrays, tensors and sparse matrices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlops.capture.profile.columns import Column
from jupyter_mlops.capture.profile.frame import (
    COLUMN_LIMIT,
    STORED_LIMIT,
    Frame,
    container_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable


def tensor(value: Any, name: str) -> Frame | None:
    """Look at a tensor of PyTorch."""
    # What lies on another device would have to be copied here.
    if str(getattr(value, "device", "cpu")) != "cpu":
        return None
    found = array(value.detach().numpy(), name)
    return Frame(**{**vars(found), "container": container_of(value)})


def array_like(value: Any, name: str) -> Frame | None:
    """Take what hands itself out as an array, as tensors of TensorFlow do."""
    if not hasattr(type(value), "__array__") or not hasattr(value, "shape"):
        return None
    import numpy as np

    plain = np.asarray(value)
    if not plain.ndim:
        return None
    found = array(plain, name)
    return Frame(**{**vars(found), "container": container_of(value)})


def array(value: Any, name: str) -> Frame:
    """Look at an array of NumPy that has rows."""
    if value.ndim > 2:  # noqa: PLR2004 - rows and columns
        return _pooled(value)
    import numpy as np

    table = np.asarray(value)
    table = table.reshape(-1, 1) if table.ndim < 2 else table  # noqa: PLR2004 - as above
    rows, width = table.shape
    count = min(width, COLUMN_LIMIT)
    names = [name] if value.ndim == 1 else [f"x{place}" for place in range(count)]
    dtype = str(value.dtype)

    def read(rows: Any | None) -> Iterable[Column]:
        part = table[:, :count] if rows is None else table[rows, :count]
        # One pass over the memory, then every column in one piece.
        columns = np.ascontiguousarray(part.T)
        return [
            Column(name, dtype, column)
            for name, column in zip(names, columns, strict=True)
        ]

    objects = 0 if value.dtype.kind in "biufmM" else count
    return Frame(container_of(value), rows, width, names, read, objects)


def _pooled(value: Any) -> Frame:
    """Describe images and the like by all their values together."""
    shape = [int(size) for size in value.shape]

    def read(rows: Any | None) -> Iterable[Column]:
        from jupyter_mlops.capture.profile.sampling import VALUE_LIMIT

        part = value if rows is None else value[rows]
        step = max(1, part.size // VALUE_LIMIT)
        return [Column("values", str(value.dtype), part.ravel()[::step])]

    width = value.size // max(shape[0], 1)
    found = Frame(container_of(value), shape[0], width, ["values"], read)
    return Frame(**{**vars(found), "extra": {"shape": shape, "left_out": 0}})


def sparse(value: Any, _name: str) -> Frame:
    """Look at a sparse matrix of SciPy."""
    import numpy as np

    rows, width = (int(size) for size in value.shape)
    cells = max(rows * width, 1)
    count = min(width, COLUMN_LIMIT) if value.nnz <= STORED_LIMIT else 0
    names = [f"x{place}" for place in range(count)]

    def read(rows: Any | None) -> Iterable[Column]:
        if not count:
            return []
        part = value.tocsr()
        part = part if rows is None else part[rows]
        columns = np.ascontiguousarray(part[:, :count].toarray().T)
        return [
            Column(name, str(value.dtype), column)
            for name, column in zip(names, columns, strict=True)
        ]

    extra = {"density": round(value.nnz / cells, 6)}
    return Frame(container_of(value), rows, width, names, read, extra=extra)
