"""What differs between the objects and files that two runs keep."""

from __future__ import annotations

import json
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from jupyter_mlops.errors import MlopsError
from jupyter_mlops.tracking import likeness, likeness_files, likeness_tables
from jupyter_mlops.tracking.comparison_sides import Difference, missing
from jupyter_mlops.tracking.objects import file_name

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from jupyter_mlops.records import ArtifactRecord
    from jupyter_mlops.tracking.comparison_sides import RunSide
    from jupyter_mlops.tracking.likeness import Change
    from jupyter_mlops.tracking.recorded import RecordedRun

_PICTURE_SUFFIXES = frozenset({".png", ".jpg", ".jpeg"})
_TEXT_SUFFIXES = frozenset({".csv", ".html", ".json", ".md", ".tsv", ".txt"})
_OWN = frozenset(
    {
        "notebook.ipynb",
        "recipe.ipynb",
        "script.py",
        "uncommitted.diff",
        "verification.json",
    }
)
"""What this package keeps with a run by itself."""


def artifact_differences(
    one: RunSide, other: RunSide, tolerance: float, ignore: Collection[str]
) -> Iterator[Difference]:
    """Compare what two runs keep: objects by value, files by what they hold."""
    then, now = _results(one.run), _results(other.run)
    yield from missing("artifact", then, now)
    for name in sorted((then.keys() & now.keys()) - set(ignore)):
        left, right = then[name], now[name]
        if left.digest == right.digest and left.format == right.format:
            continue
        try:
            change = _artifact_change(one, other, left, right, tolerance)
        except (MlopsError, ImportError, OSError, ValueError, TypeError) as error:
            change = f"the bytes differ, and cannot be compared: {error}"
        if change is not None:
            kind = "model" if left.format == "model" else "artifact"
            yield Difference(kind=kind, name=name, change=change)


def _results(run: RecordedRun) -> dict[str, ArtifactRecord]:
    """Leave out what is compared elsewhere: what was shown, and what we keep."""
    return {
        name: item
        for name, item in run.artifacts.items()
        if name not in _OWN and not item.meta.get("shown")
    }


def _artifact_change(
    one: RunSide,
    other: RunSide,
    then: ArtifactRecord,
    now: ArtifactRecord,
    tolerance: float,
) -> Change:
    if then.format != now.format:
        return f"kept as {then.format} then, as {now.format} now"
    if then.format not in _BY_VALUE:
        return _files_change(one.files(then), other.files(now), then, tolerance)
    values = one.run.artifact(then.name), other.run.artifact(now.name)
    return _BY_VALUE[then.format](*values, tolerance)


def _figure_change(then: Any, now: Any, _: float) -> Change:
    return likeness_files.picture_change(then.png, now.png)


_BY_VALUE: dict[str, Callable[[Any, Any, float], Change]] = {
    "array": likeness_tables.array_change,
    "figure": _figure_change,
    "frame": likeness_tables.frame_change,
    "json": likeness.value_change,
    "text": likeness.text_change,
}


def _files_change(
    then: dict[str, bytes],
    now: dict[str, bytes],
    artifact: ArtifactRecord,
    tolerance: float,
) -> Change:
    if odd := sorted(then.keys() ^ now.keys()):
        return f"files only in one of them: {', '.join(odd)}"
    for path in sorted(then):
        change = _bytes_change(
            then[path], now[path], path or file_name(artifact), tolerance
        )
        if change is not None:
            return f"{path}: {change}" if path else change
    return None


def _bytes_change(then: bytes, now: bytes, name: str, tolerance: float) -> Change:
    suffix = PurePosixPath(name).suffix.lower()
    if suffix in _PICTURE_SUFFIXES:
        return likeness_files.picture_change(then, now)
    try:
        if suffix == ".json":
            return likeness.value_change(json.loads(then), json.loads(now), tolerance)
        if suffix in _TEXT_SUFFIXES:
            return likeness.text_change(then.decode(), now.decode(), tolerance)
    except ValueError:
        pass
    return likeness_files.file_change(then, now)
