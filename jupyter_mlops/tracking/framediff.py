"""How two kept frames differ: shape, columns, and the values of small ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jupyter_mlops.errors import MlopsError
from jupyter_mlops.tracking.changes import Change, compare_values
from jupyter_mlops.tracking.tablediff import SHOWN, ValueChange

if TYPE_CHECKING:
    from jupyter_mlops.records import ArtifactRecord
    from jupyter_mlops.tracking.recorded import RecordedRun

SMALL_BYTES = 5_000_000
SMALL_CELLS = 500_000
"""Frames up to here are compared by value: well below a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameChange:
    """How two kept frames differ.

    Attributes
    ----------
    shape_before, shape_after : tuple of int
    columns : tuple of Change
        Columns added, removed, or of another dtype.
    cells : int or None
        How many values differ in the columns that both have, row by row; None when
        they were not compared, and `unread` says why.
    values : tuple of ValueChange
        The first of them.
    is_index_equal : bool or None
        Whether the rows have the same labels; None when they were not compared.
    """

    shape_before: tuple[int, ...]
    shape_after: tuple[int, ...]
    columns: tuple[Change, ...]
    cells: int | None = None
    values: tuple[ValueChange, ...] = ()
    is_index_equal: bool | None = None
    unread: str = ""


def compare_frames(before: RecordedRun, after: RecordedRun, name: str) -> FrameChange:
    """Compare the frame that both keep under a name."""
    old, new = before.artifacts[name], after.artifacts[name]
    shapes = _shape(old), _shape(new)
    columns = compare_values(_columns(old), _columns(new)).changes
    cells, is_index_equal, unread = None, None, ""
    values: tuple[ValueChange, ...] = ()
    if shapes[0][:1] != shapes[1][:1]:
        unread = "not of the same length"
    elif not (_is_small(old) and _is_small(new)):
        unread = "too large to compare by value"
    else:
        try:
            cells, values, is_index_equal = _differing(
                before.artifact(name), after.artifact(name)
            )
        except (MlopsError, ImportError, OSError, ValueError, KeyError) as error:
            unread = f"cannot be read: {error}"
    return FrameChange(
        shape_before=shapes[0],
        shape_after=shapes[1],
        columns=columns,
        cells=cells,
        values=values,
        is_index_equal=is_index_equal,
        unread=unread,
    )


def _shape(artifact: ArtifactRecord) -> tuple[int, ...]:
    found = artifact.meta.get("shape")
    return tuple(found) if isinstance(found, list) else ()


def _columns(artifact: ArtifactRecord) -> dict[str, Any]:
    found = artifact.meta.get("columns")
    return found if isinstance(found, dict) else {}


def _is_small(artifact: ArtifactRecord) -> bool:
    shape = _shape(artifact)
    if len(shape) != 2 or artifact.size > SMALL_BYTES:  # noqa: PLR2004 - rows, columns
        return False
    return bool(shape[0] * shape[1] <= SMALL_CELLS)


def _differing(old: Any, new: Any) -> tuple[int, tuple[ValueChange, ...], bool]:
    """Find the values that differ in common columns, and compare the indexes."""
    left, right = _as_pandas(old), _as_pandas(new)
    if len(left) != len(right):
        message = "the frames are not as long as their record says"
        raise ValueError(message)
    count = 0
    changes: list[ValueChange] = []
    for name in (name for name in left.columns if name in right.columns):
        rows = _differing_rows(left[name], right[name])
        count += len(rows)
        changes += [
            ValueChange(
                row=str(left.index[row]),
                column=str(name),
                before=_plain(left[name].iloc[row]),
                after=_plain(right[name].iloc[row]),
            )
            for row in rows[: SHOWN - len(changes)]
        ]
    return count, tuple(changes), bool(left.index.equals(right.index))


def _as_pandas(frame: Any) -> Any:
    if hasattr(frame, "to_pandas"):
        frame = frame.to_pandas()
    return frame.to_frame("values") if frame.ndim == 1 else frame


def _differing_rows(old: Any, new: Any) -> list[int]:
    """Name the rows in which two columns differ; a missing value equals another."""
    left, right = old.astype(object).array, new.astype(object).array
    both_missing = (old.isna() & new.isna().to_numpy()).to_numpy()
    try:
        same = (left == right) | both_missing
        return [int(row) for row in (~same.astype(bool)).nonzero()[0]]
    except (TypeError, ValueError, AttributeError):
        # Values that are themselves arrays, or whose comparison is no yes or no.
        rows = zip(map(_told, left), map(_told, right), both_missing, strict=True)
        return [at for at, (a, b, missing) in enumerate(rows) if a != b and not missing]


def _plain(value: Any) -> Any:
    """Return a value of JSON's types; another one as it is written."""
    if hasattr(value, "item") and getattr(value, "shape", None) == ():
        value = value.item()
    return value if isinstance(value, int | float | str | None) else _told(value)[:200]


def _told(value: Any) -> str:
    # An array's own repr leaves out its middle.
    return repr(value.tolist() if hasattr(value, "tolist") else value)
