"""Frames and series of pandas and polars."""

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


def pandas_frame(value: Any, _name: str) -> Frame:
    """Look at a frame of pandas."""
    width = value.shape[1]
    names = [text_of(key) for key in value.columns[:COLUMN_LIMIT]]
    objects = sum(kind.kind not in "biufmM" for kind in value.dtypes[:COLUMN_LIMIT])

    def read(rows: Any | None) -> Iterable[Column]:
        part = value if width <= len(names) else value.iloc[:, : len(names)]
        part = part if rows is None else part.iloc[rows]
        for name, (_, series) in zip(names, part.items(), strict=True):
            yield Column(name, str(series.dtype), _pandas_values(series))

    return Frame(container_of(value), len(value), width, names, read, objects)


def pandas_series(value: Any, name: str) -> Frame:
    """Look at a series of pandas as the column that it is."""
    own = name if value.name is None else text_of(value.name)

    def read(rows: Any | None) -> Iterable[Column]:
        series = value if rows is None else value.iloc[rows]
        return [Column(own, str(value.dtype), _pandas_values(series))]

    is_object = value.dtype.kind not in "biufmM"
    return Frame(container_of(value), len(value), 1, [own], read, int(is_object))


def _pandas_values(series: Any) -> Any:
    kind = series.dtype.kind
    is_plain = type(series.dtype).__module__.startswith("numpy")
    if kind in "iuf":
        more = {} if is_plain else {"na_value": float("nan")}
        return series.to_numpy(dtype="float64", **more)
    if is_plain and kind in "bmM":
        return series.to_numpy()
    if kind == "M":
        # With a time zone: in UTC, as NumPy has none.
        return series.to_numpy(dtype="datetime64[us]")
    return series.tolist()


def polars_frame(value: Any, _name: str) -> Frame:
    """Look at a frame of polars."""
    names = [str(key) for key in value.columns[:COLUMN_LIMIT]]
    objects = sum(not _is_polars_plain(value.schema[key]) for key in names)

    def read(rows: Any | None) -> Iterable[Column]:
        part = value.select(names)
        part = part if rows is None else part[rows]
        for name in names:
            series = part.get_column(name)
            yield Column(name, str(series.dtype), _polars_values(series))

    rows, width = value.shape
    return Frame(container_of(value), rows, width, names, read, objects)


def polars_series(value: Any, name: str) -> Frame:
    """Look at a series of polars."""
    own = str(value.name) or name

    def read(rows: Any | None) -> Iterable[Column]:
        series = value if rows is None else value[rows]
        return [Column(own, str(value.dtype), _polars_values(series))]

    is_object = not _is_polars_plain(value.dtype)
    return Frame(container_of(value), len(value), 1, [own], read, int(is_object))


def _is_polars_plain(dtype: Any) -> bool:
    return bool(dtype.is_numeric() or dtype.is_temporal())


def _polars_values(series: Any) -> Any:
    if series.dtype.is_integer() or series.dtype.is_float():
        return series.to_numpy().astype("float64", copy=False)
    if str(series.dtype).startswith(("Datetime", "Date", "Duration")):
        return series.to_numpy()
    return series.to_list()
