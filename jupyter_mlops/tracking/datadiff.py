"""Data of two runs: the files that they used and the artifacts that they keep."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jupyter_mlops.tracking.changes import (
    Change,
    How,
    Part,
    compare_values,
    count_equal,
    unequal,
)
from jupyter_mlops.tracking.framediff import FrameChange, compare_frames
from jupyter_mlops.tracking.recipes import ARTIFACT as RECIPE
from jupyter_mlops.tracking.schemas import recorded_schema
from jupyter_mlops.tracking.surroundings import DIFF

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jupyter_mlops.records import ArtifactRecord, FileRecord
    from jupyter_mlops.tracking.recorded import RecordedRun

_FRAME = "frame"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileChange:
    """A file that is not the same in both runs; `how` is unknown if never hashed.

    Attributes
    ----------
    frame : FrameChange or None
        How rows and columns changed, of a table that both runs looked into.
    """

    path: str
    role: str
    how: How
    before: FileRecord | None = None
    after: FileRecord | None = None
    frame: FrameChange | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtifactChange:
    """An artifact that is not the same in both runs."""

    name: str
    how: How
    before: ArtifactRecord | None = None
    after: ArtifactRecord | None = None
    frame: FrameChange | None = None


def compare_files(before: RecordedRun, after: RecordedRun) -> Part[FileChange]:
    """Compare files by role and path, through digest and size."""
    old = {(item.role, item.path): item for item in before.files}
    new = {(item.role, item.path): item for item in after.files}
    changes = []
    for key in sorted({*old, *new}):
        left, right = old.get(key), new.get(key)
        how = _file_change(left, right)
        if how is not None:
            role, path = key
            changes.append(
                FileChange(
                    path=path,
                    role=role,
                    how=how,
                    before=left,
                    after=right,
                    frame=_schema_change(before, after, path),
                )
            )
    return Part(changes=tuple(changes), equal=count_equal(old, new, tuple(changes)))


def _schema_change(
    before: RecordedRun, after: RecordedRun, path: str
) -> FrameChange | None:
    old, new = recorded_schema(before, path), recorded_schema(after, path)
    if old is None and new is None:
        return None
    columns: tuple[Change, ...] = ()
    if old is not None and new is not None:
        columns = compare_values(old["columns"], new["columns"]).changes
    shapes = [
        () if item is None else (item["rows"], item["width"]) for item in (old, new)
    ]
    if not columns and shapes[0] == shapes[1]:
        return None
    return FrameChange(
        shape_before=tuple(n for n in shapes[0] if n is not None),
        shape_after=tuple(n for n in shapes[1] if n is not None),
        columns=columns,
    )


def _file_change(left: FileRecord | None, right: FileRecord | None) -> How | None:
    if left is None or right is None:
        return "added" if left is None else "removed"
    if left.digest is not None and right.digest is not None:
        return None if left.digest == right.digest else "changed"
    if None not in (left.size, right.size) and left.size != right.size:
        return "changed"
    return "unknown"


def compare_artifacts(before: RecordedRun, after: RecordedRun) -> Part[ArtifactChange]:
    """Compare what two runs keep.

    Their recipes are code, displayed figures outputs, uncommitted changes git's.
    """
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
    return {
        name: item
        for name, item in run.artifacts.items()
        if name not in (RECIPE, DIFF) and not item.meta.get("shown")
    }


def _keys(kept: Mapping[str, ArtifactRecord]) -> dict[str, tuple[str, str]]:
    return {name: (item.format, item.digest) for name, item in kept.items()}
