"""Data of two runs: the files that they used and the artifacts that they keep."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jupyter_mlops.errors import MlopsError
from jupyter_mlops.tracking.changes import (
    Change,
    How,
    Part,
    compare_values,
    count_equal,
    unequal,
)
from jupyter_mlops.tracking.recipes import ARTIFACT as RECIPE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jupyter_mlops.records import ArtifactRecord, FileRecord
    from jupyter_mlops.tracking.recorded import RecordedRun

SMALL_BYTES = 5_000_000
SMALL_CELLS = 500_000
"""Frames up to here are compared by value: well below a second."""
_FRAME = "frame"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileChange:
    """A file that is not the same in both runs; `how` is unknown if never hashed."""

    path: str
    role: str
    how: How
    before: FileRecord | None = None
    after: FileRecord | None = None


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
    is_index_equal : bool or None
        Whether the rows have the same labels; None when they were not compared.
    """

    shape_before: tuple[int, ...]
    shape_after: tuple[int, ...]
    columns: tuple[Change, ...]
    cells: int | None = None
    is_index_equal: bool | None = None
    unread: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtifactChange:
    """An artifact that is not the same in both runs."""

    name: str
    how: How
    before: ArtifactRecord | None = None
    after: ArtifactRecord | None = None
    frame: FrameChange | None = None


def compare_files(
    before: Iterable[FileRecord], after: Iterable[FileRecord]
) -> Part[FileChange]:
    """Compare files by role and path, through digest and size."""
    old = {(item.role, item.path): item for item in before}
    new = {(item.role, item.path): item for item in after}
    changes = []
    for key in sorted({*old, *new}):
        left, right = old.get(key), new.get(key)
        how = _file_change(left, right)
        if how is not None:
            role, path = key
            changes.append(
                FileChange(path=path, role=role, how=how, before=left, after=right)
            )
    return Part(changes=tuple(changes), equal=count_equal(old, new, tuple(changes)))


def _file_change(left: FileRecord | None, right: FileRecord | None) -> How | None:
    if left is None or right is None:
        return "added" if left is None else "removed"
    if left.digest is not None and right.digest is not None:
        return None if left.digest == right.digest else "changed"
    if None not in (left.size, right.size) and left.size != right.size:
        return "changed"
    return "unknown"


def compare_artifacts(before: RecordedRun, after: RecordedRun) -> Part[ArtifactChange]:
    """Compare what two runs keep; their recipes are code, and not of this part."""
    old, new = _artifacts(before), _artifacts(after)
    changes = []
    for name, how, *_ in unequal(_keys(old), _keys(new)):
        is_frame = how == "changed" and old[name].format == new[name].format == _FRAME
        changes.append(
            ArtifactChange(
                name=name,
                how=how,
                before=old.get(name),
                after=new.get(name),
                frame=compare_frames(before, after, name) if is_frame else None,
            )
        )
    return Part(changes=tuple(changes), equal=count_equal(old, new, tuple(changes)))


def _artifacts(run: RecordedRun) -> dict[str, ArtifactRecord]:
    return {name: item for name, item in run.artifacts.items() if name != RECIPE}


def _keys(kept: Mapping[str, ArtifactRecord]) -> dict[str, tuple[str, str]]:
    return {name: (item.format, item.digest) for name, item in kept.items()}


def compare_frames(before: RecordedRun, after: RecordedRun, name: str) -> FrameChange:
    """Compare the frame that both keep under a name."""
    old, new = before.artifacts[name], after.artifacts[name]
    shapes = _shape(old), _shape(new)
    columns = compare_values(_columns(old), _columns(new)).changes
    cells, is_index_equal, unread = None, None, ""
    if shapes[0][:1] != shapes[1][:1]:
        unread = "not of the same length"
    elif not (_is_small(old) and _is_small(new)):
        unread = "too large to compare by value"
    else:
        try:
            cells, is_index_equal = _differing(
                before.artifact(name), after.artifact(name)
            )
        except (MlopsError, ImportError, OSError, ValueError, KeyError) as error:
            unread = f"cannot be read: {error}"
    return FrameChange(
        shape_before=shapes[0],
        shape_after=shapes[1],
        columns=columns,
        cells=cells,
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


def _differing(old: Any, new: Any) -> tuple[int, bool]:
    """Count the values that differ in common columns, and compare the indexes."""
    left, right = _as_pandas(old), _as_pandas(new)
    if len(left) != len(right):
        message = "the frames are not as long as their record says"
        raise ValueError(message)
    common = [name for name in left.columns if name in right.columns]
    count = sum(_column_differs(left[name], right[name]) for name in common)
    return count, bool(left.index.equals(right.index))


def _as_pandas(frame: Any) -> Any:
    if hasattr(frame, "to_pandas"):
        frame = frame.to_pandas()
    return frame.to_frame("values") if frame.ndim == 1 else frame


def _column_differs(old: Any, new: Any) -> int:
    """Count the rows in which two columns differ; a missing value equals another."""
    left, right = old.astype(object).array, new.astype(object).array
    both_missing = (old.isna() & new.isna().to_numpy()).to_numpy()
    try:
        same = (left == right) | both_missing
        return int((~same.astype(bool)).sum())
    except (TypeError, ValueError, AttributeError):
        # Values that are themselves arrays, or whose comparison is no yes or no.
        rows = zip(map(_told, left), map(_told, right), both_missing, strict=True)
        return sum(a != b and not missing for a, b, missing in rows)


def _told(value: Any) -> str:
    # An array's own repr leaves out its middle.
    return repr(value.tolist() if hasattr(value, "tolist") else value)
