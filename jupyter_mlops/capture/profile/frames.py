"""Frame-like values, told by their class; no library is imported for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlops.capture.kinship import is_of
from jupyter_mlops.capture.profile import arrays, datasets, rows, tables

if TYPE_CHECKING:
    from jupyter_mlops.capture.profile.frame import Frame, Look


def frame_of(value: Any, name: str = "x0") -> Frame | None:
    """Look at a value as a frame; None when it is nothing that has rows.

    Parameters
    ----------
    name : str
        Of the only column of a value that does not name it.
    """
    for classes, look in _LOOKS:
        if is_of(value, *classes):
            return look(value, name)
    if isinstance(value, dict):
        return rows.dict_of_columns(value, frame_of)
    if isinstance(value, list | tuple):
        return rows.list_of_rows(value, name)
    return arrays.array_like(value, name)


def _array(value: Any, name: str) -> Frame | None:
    if value.ndim == 1 and value.dtype.names:
        # A table of NumPy: one field is one column.
        columns = {key: value[key] for key in value.dtype.names}
        return rows.dict_of_columns(columns, frame_of)
    return arrays.array(value, name)


def _dataset(value: Any, _name: str) -> Frame | None:
    return datasets.dataset(value, frame_of)


_LOOKS: tuple[tuple[tuple[str, ...], Look], ...] = (
    (("pandas.DataFrame",), tables.pandas_frame),
    (("pandas.Series", "pandas.Index"), tables.pandas_series),
    (("polars.DataFrame",), tables.polars_frame),
    (("polars.Series",), tables.polars_series),
    (("numpy.ndarray",), _array),
    (("torch.Tensor",), arrays.tensor),
    (("scipy.spmatrix", "scipy.sparray"), arrays.sparse),
    (("xgboost.DMatrix",), datasets.dmatrix),
    (("lightgbm.Dataset",), _dataset),
)
