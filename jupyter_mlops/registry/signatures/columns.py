"""One column of data, held against what a model takes; converted only without loss."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from jupyter_mlops.errors import MlopsWarning
from jupyter_mlops.registry.signatures.numbers import UnfitError, as_bools, as_numbers

if TYPE_CHECKING:
    from jupyter_mlops.registry.signatures.signature import Column

_SHOWN = 8
_WORDS = {
    "bool": "true or false",
    "category": "texts",
    "float": "numbers",
    "integer": "whole numbers",
    "text": "texts",
    "time": "times",
}


def converted(series: Any, column: Column) -> Any:
    """Return a pandas Series as the model takes it.

    Raises
    ------
    UnfitError
        When that would lose something, or cannot be.
    """
    if series.dtype == object:
        series = series.infer_objects()
    convert = _CONVERTERS.get(column.kind)
    return series if convert is None else convert(series, column)


def is_missing(series: Any) -> bool:
    """Tell whether a column holds nothing at all."""
    return bool(series.isna().all())


def _numbers(series: Any, column: Column) -> Any:
    if series.dtype.kind not in "biuf" and not is_missing(series):
        raise _wrong(series, column)
    return as_numbers(series, column)


def _bools(series: Any, column: Column) -> Any:
    if series.dtype.kind not in "biuf":
        raise _wrong(series, column)
    return as_bools(series, column)


def _texts(series: Any, column: Column) -> Any:
    if column.dtype == "category":
        return _categories(series, column)
    is_categorical = str(series.dtype) == "category"
    plain = series.astype(series.cat.categories.dtype) if is_categorical else series
    if plain.dtype.kind in "biufmM" and not is_missing(plain):
        raise _wrong(series, column)
    if column.categories is not None:
        _warn_of_new(plain, column)
    return plain


def _categories(series: Any, column: Column) -> Any:
    import pandas as pd

    if column.categories is None:
        return series.astype("category")
    known = pd.Index(column.categories)
    if str(series.dtype) == "category":
        if series.cat.categories.equals(known):
            return series
        series = series.astype(series.cat.categories.dtype)
    is_new = series.notna() & ~series.isin(known)
    if is_new.any():
        raise UnfitError(_new(series[is_new], column))
    return series.astype(pd.CategoricalDtype(known))


def _warn_of_new(series: Any, column: Column) -> None:
    is_new = series.notna() & ~series.isin(column.categories)
    if is_new.any():
        # What was met is no rule: the model may know what to do with others.
        warnings.warn(
            f"'{column.name}' {_new(series[is_new], column)}",
            MlopsWarning,
            stacklevel=2,
        )


def _new(values: Any, column: Column) -> str:
    known = column.categories or ()
    more = ", …" if len(known) > _SHOWN else ""
    shown = ", ".join(repr(item) for item in known[:_SHOWN])
    return (
        f"has the category {values.iloc[0]!r}, which the model was not fitted with; it "
        f"knows {shown}{more}"
    )


def _times(series: Any, column: Column) -> Any:
    import pandas as pd

    if series.dtype.kind == "M" or is_missing(series):
        return series
    kind = pd.api.types.infer_dtype(series, skipna=True)
    if kind in ("date", "datetime"):
        return series
    if kind != "string":
        raise _wrong(series, column)
    try:
        return pd.to_datetime(series, format="ISO8601")
    except ValueError as error:
        raise _wrong(series, column) from error


def _wrong(series: Any, column: Column) -> UnfitError:
    there = series.dropna()
    first = there.iloc[0] if len(there) else None
    shown = (
        f", such as {getattr(first, 'item', lambda: first)()!r}" if len(there) else ""
    )
    wanted = _WORDS.get(column.kind, column.kind)
    return UnfitError(f"holds {series.dtype}{shown}; the model takes {wanted}")


_CONVERTERS = {
    "bool": _bools,
    "category": _texts,
    "float": _numbers,
    "integer": _numbers,
    "text": _texts,
    "time": _times,
}
