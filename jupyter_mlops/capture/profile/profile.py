"""Puts a profile together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlops.capture.profile.columns import describe_column
from jupyter_mlops.capture.profile.frames import frame_of
from jupyter_mlops.capture.profile.sampling import rows_to_read, sample_rows

if TYPE_CHECKING:
    from jupyter_mlops.capture.profile.frame import Frame

VERSION = 1


def profile(features: Any, target: Any = None) -> dict[str, Any] | None:
    """Describe data, and what is to be predicted from it.

    Parameters
    ----------
    features : frame-like
        A frame of pandas or polars, an array, a tensor, a sparse matrix, lists of
        rows, a dict of columns, a `DMatrix` of XGBoost or a `Dataset` of LightGBM. It
        is read, never changed.
    target : frame-like, optional

    Returns
    -------
    dict or None
        As described in `jupyter_mlops.capture.profile`; None when `features` is
        nothing that has rows.
    """
    frame = frame_of(features)
    if frame is None:
        return None
    aims = None if target is None else frame_of(target, name="target")
    if aims is None:
        aims = frame.target
    wanted = rows_to_read(frame.rows, len(frame.names), frame.objects)
    found = {
        "version": VERSION,
        "container": frame.container,
        "rows": frame.rows,
        "columns": frame.width,
        "rows_read": wanted if frame.names else 0,
        "left_out": frame.width - len(frame.names),
        **frame.extra,
        "features": _described(frame, wanted),
    }
    if aims is not None:
        known = rows_to_read(aims.rows, len(aims.names), aims.objects)
        # The same rows as of the features, where there are as many.
        count = min(wanted, known) if aims.rows == frame.rows else known
        found["target"] = _described(aims, count)
    return found


def _described(frame: Frame, wanted: int) -> list[dict[str, Any]]:
    rows = sample_rows(frame.rows, wanted)
    return [describe_column(column) for column in frame.read(rows)]
