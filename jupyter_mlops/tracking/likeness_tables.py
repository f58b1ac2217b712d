"""Whether two tables or arrays are alike, by their values."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from jupyter_mlops.tracking.likeness import short, value_change

if TYPE_CHECKING:
    import pandas as pd

    from jupyter_mlops.tracking.displayed import ShownFrame
    from jupyter_mlops.tracking.likeness import Change


def array_change(recorded: Any, rerun: Any, tolerance: float) -> Change:
    """Compare two arrays; `tolerance` is relative to the largest value."""
    import numpy as np

    then, now = np.asarray(recorded), np.asarray(rerun)
    if then.shape != now.shape:
        return f"shape {then.shape} then, {now.shape} now"
    if then.dtype != now.dtype:
        return f"type {then.dtype} then, {now.dtype} now"
    if then.dtype.kind not in "fciub":
        unlike = then != now
        count = int(np.count_nonzero(unlike))
        return f"{count} of {then.size} values differ" if count else None
    wide = np.complex128 if then.dtype.kind == "c" else np.float64
    alike = then == now
    then, now = then.astype(wide), now.astype(wide)
    finite = np.isfinite(then)
    largest = float(np.abs(then[finite]).max()) if finite.any() else 0.0
    alike |= np.isnan(then) & np.isnan(now)
    if tolerance:
        alike |= np.isclose(now, then, rtol=0.0, atol=tolerance * largest)
    if alike.all():
        return None
    with np.errstate(all="ignore"):
        most = float(np.nanmax(np.abs(now - then)[~alike], initial=0.0))
    count = int(np.count_nonzero(~alike))
    return f"{count} of {then.size} values differ, by up to {most:.3g}"


def frame_change(recorded: Any, rerun: Any, tolerance: float) -> Change:
    """Compare two tables of pandas, polars or pyarrow by their values."""
    then, now = _as_pandas(recorded), _as_pandas(rerun)
    if list(then.columns) != list(now.columns):
        names = (short(list(item.columns)) for item in (then, now))
        return "columns {} then, {} now".format(*names)
    if len(then) != len(now):
        return f"{len(then)} rows then, {len(now)} now"
    if not then.index.equals(now.index):
        return "the index differs"
    for place, name in enumerate(then.columns):
        one, other = then.iloc[:, place], now.iloc[:, place]
        if one.dtype != other.dtype:
            return f"column {name}: type {one.dtype} then, {other.dtype} now"
        if not one.equals(other) and (change := _column_change(one, other, tolerance)):
            return f"column {name}: {change}"
    return None


def _column_change(one: pd.Series, other: pd.Series, tolerance: float) -> Change:
    import pandas as pd

    if pd.api.types.is_float_dtype(one.dtype):
        then, now = (
            item.to_numpy(dtype="float64", na_value=math.nan) for item in (one, other)
        )
        return array_change(then, now, tolerance)
    unlike = (one != other) & ~(one.isna() & other.isna())
    count = int(unlike.fillna(value=True).sum())
    return f"{count} of {len(one)} values differ" if count else None


def _as_pandas(table: Any) -> pd.DataFrame:
    import pandas as pd

    if not isinstance(table, pd.DataFrame | pd.Series):
        table = table.to_pandas()
    return table.to_frame() if isinstance(table, pd.Series) else table


def head_change(recorded: ShownFrame, rerun: ShownFrame, tolerance: float) -> Change:
    """Compare two tables as far as they were recorded when they were shown."""
    if recorded.shape != rerun.shape:
        sizes = (
            f"{rows} by {columns}" for rows, columns in (recorded.shape, rerun.shape)
        )
        return "{} then, {} now".format(*sizes)
    if recorded.columns != rerun.columns:
        pairs = zip(recorded.columns, rerun.columns, strict=False)
        odd = next((pair for pair in pairs if pair[0] != pair[1]), None)
        if odd is None:
            return "other columns"
        then, now = (" ".join(column) for column in odd)
        return f"column {then} then, {now} now"
    change = value_change(recorded.index, rerun.index, tolerance)
    if change is not None:
        return f"index {change}"
    values = zip(recorded.columns, recorded.values, rerun.values, strict=False)
    for (name, _), one, other in values:
        change = _values_change(one, other, tolerance)
        if change is not None:
            return f"column {name}{change}"
    return None


def _values_change(one: list[Any], other: list[Any], tolerance: float) -> Change:
    if all(type(value) is float for value in (*one, *other)) and len(one) == len(other):
        change = array_change(one, other, tolerance)
        return None if change is None else f": {change}"
    return value_change(one, other, tolerance, at=" row ")
