"""The words for what changed between two runs, the same on every screen."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any

from jupyter_mlops.wording import counted, number, one_line, size, value

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jupyter_mlops.records import ArtifactRecord, FileRecord
    from jupyter_mlops.tracking.codediff import CellChange
    from jupyter_mlops.tracking.difference import MetricChange, RunDifference
    from jupyter_mlops.tracking.framediff import FrameChange
    from jupyter_mlops.tracking.imagediff import ImageChange
    from jupyter_mlops.tracking.outputdiff import OutputChange
    from jupyter_mlops.tracking.tablediff import TableChange

MARKS = {"added": "+", "removed": "-", "changed": "~", "unknown": "?"}
DIGEST = 12
VALUE = 48
_LEAD = 8
_NAMED = 4
"""Columns and rows that are named; the rest are counted."""
_NOUNS = {
    "outcome": "",
    "code": "cell",
    "recipe": "cell before",
    "environment": "environment value",
    "git": "fact of git",
}
_TITLES = {
    "recipe": "cells before, in the recipes",
    "files": "data: files",
    "artifacts": "data: artifacts",
}


def part_title(name: str) -> str:
    """Name a part of the comparison."""
    return _TITLES.get(name, name)


def equal_parts(found: RunDifference) -> str:
    """Count what is the same, of the parts in which nothing else is."""
    counts = (
        _equal(name, part.equal)
        for name, part in found.parts.items()
        if not part.changes
    )
    return ", ".join(filter(None, counts))


def _equal(name: str, count: int) -> str:
    noun = _NOUNS.get(name, name.removesuffix("s"))
    if name == "git" and count != 1:
        noun = "fact" if not count else "facts of git"
        return f"{count} {noun}" if count else ""
    return counted(count, noun) if noun and count else ""


def apart(old: Any, new: Any) -> tuple[str, str]:
    """Write two values so that they can be told apart."""
    texts = value(old, VALUE), value(new, VALUE)
    if texts[0] != texts[1]:
        return texts
    is_text = isinstance(old, str) and isinstance(new, str)
    left, right = (old, new) if is_text else (repr(old), repr(new))
    pairs = enumerate(zip(left, right, strict=False))
    first = next((at for at, (a, b) in pairs if a != b), min(len(left), len(right)))
    start = max(0, first - _LEAD)
    lead = "…" if start else ""
    return (
        one_line(lead + left[start:], VALUE),
        one_line(lead + right[start:], VALUE),
    )


def moved(item: MetricChange) -> str:
    """Say by how much a metric moved."""
    if item.change is None or item.before is None or item.after is None:
        return ""
    if item.change == 0:
        old, new = item.before.count, item.after.count
        return f"last equal; {old} and {new} values" if old != new else "last equal"
    said = number(item.change)
    said = f"+{said}" if item.change > 0 else said
    share = item.change / abs(item.before.last) if item.before.last else 0.0
    return f"{said} ({share:+.1%})" if share and isfinite(share) else said


def kept_bytes(kept: ArtifactRecord | FileRecord | None) -> str:
    """Say which bytes: the beginning of their digest, and how many."""
    if kept is None:
        return ""
    told = "" if kept.size is None else f" {size(kept.size)}"
    version = getattr(kept, "version", None)
    told += f" {one_line(version, VALUE)}" if version else ""
    return f"{(kept.digest or '?')[:DIGEST]}{told}"


def frame_words(frame: FrameChange) -> str:
    """Say how two frames differ, in one line."""
    said = [_shapes(frame.shape_before, frame.shape_after)]
    said += _columns(frame)
    if frame.cells is not None:
        said.append(f"{counted(frame.cells, 'value')} {_differs(frame.cells)}")
    if frame.is_index_equal is False:
        said.append("index differs")
    return one_line(", ".join(filter(None, [*said, frame.unread])), 100)


def table_words(table: TableChange) -> str:
    """Say how two displayed tables differ, in one line."""
    said = [_shapes(table.shape_before, table.shape_after), *_columns(table)]
    if table.count:
        said.append(f"{counted(table.count, 'value')} {_differs(table.count)}")
    for how, labels in (("added", table.rows_added), ("removed", table.rows_removed)):
        if labels:
            rest = "" if len(labels) <= _NAMED else ", …"
            said.append(f"{MARKS[how]}rows {', '.join(labels[:_NAMED])}{rest}")
    if table.compared_rows < max(table.shape_before[0], table.shape_after[0]):
        said.append(f"the first {counted(table.compared_rows, 'row')} compared")
    return one_line(", ".join(filter(None, said)) or "equal by value", 160)


def image_words(image: ImageChange) -> str:
    """Say how much two pictures differ."""
    sizes = (image.size_before, image.size_after)
    told = " → ".join(f"{width} by {height}" for width, height in sizes)
    told = f"{told} pixels; " if sizes[0] != sizes[1] else ""
    share = f"{image.share:.2%}" if image.share >= 0.0001 else "under 0.01%"  # noqa: PLR2004 - as it is written
    return f"{told}{share} of the pixels differ, by up to {image.most:.0%}"


def cell_place(item: CellChange) -> str:
    """Say where a cell stands in both runs."""
    places = (("A", item.before), ("B", item.after))
    said = [f"{letter} {at}" for letter, at in places if at is not None]
    return f"cell {', '.join(said)}"


def output_place(item: OutputChange) -> str:
    """Say where an output stands in both runs."""
    places = (
        ("A", item.cell_before, item.output_before),
        ("B", item.cell_after, item.output_after),
    )
    return ", ".join(
        f"{letter} cell {cell} output {number}"
        for letter, cell, number in places
        if number is not None
    )


def _shapes(before: Iterable[int], after: Iterable[int]) -> str:
    old, new = (" by ".join(map(str, shape)) for shape in (before, after))
    if not (old and new):
        # Only one run has it, or only one was looked into.
        return old or new
    return f"{old} → {new}" if old != new else ""


def _columns(found: FrameChange | TableChange) -> list[str]:
    said = []
    for item in found.columns[:_NAMED]:
        types = f" {item.before} → {item.after}" if item.how == "changed" else ""
        said.append(f"{MARKS[item.how]}{item.name}{types}")
    if len(found.columns) > _NAMED:
        said.append(f"… {len(found.columns) - _NAMED} more columns")
    return said


def _differs(count: int) -> str:
    return "differs" if count == 1 else "differ"
