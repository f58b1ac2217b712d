"""The data sets of XGBoost and LightGBM, which bring their target."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlops.capture.profile.arrays import array
from jupyter_mlops.capture.profile.columns import Column
from jupyter_mlops.capture.profile.frame import (
    COLUMN_LIMIT,
    STORED_LIMIT,
    Frame,
    container_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jupyter_mlops.capture.profile.frame import Look


def dmatrix(value: Any, _name: str) -> Frame:
    """Look at XGBoost's DMatrix; where its matrix has no entry, a value is missing."""
    import numpy as np

    rows, width = int(value.num_row()), int(value.num_col())
    stored = int(value.num_nonmissing())
    count = min(width, COLUMN_LIMIT) if stored <= STORED_LIMIT else 0
    told = value.feature_names or [f"x{place}" for place in range(width)]
    names = [str(key) for key in told[:count]]

    def read(rows: Any | None) -> Iterable[Column]:
        if not count:
            return
        part = value.get_data()
        part = (part if rows is None else part[rows]).tocsc()
        for place, name in enumerate(names):
            column = np.full(part.shape[0], np.nan)
            span = slice(part.indptr[place], part.indptr[place + 1])
            column[part.indices[span]] = part.data[span]
            yield Column(name, "float32", column)

    labels = value.get_label()
    aims = array(labels, "target") if labels.shape == (rows,) else None
    return Frame(container_of(value), rows, width, names, read, target=aims)


def dataset(value: Any, look: Look) -> Frame | None:
    """Look at LightGBM's Dataset, while it holds what it was made of."""
    inner = look(value.data, "x0")
    if inner is None:
        return None
    aims = None if value.label is None else look(value.label, "target")
    return Frame(**{**vars(inner), "container": container_of(value), "target": aims})
