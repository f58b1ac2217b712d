"""Named values, metrics and data of two runs as tables in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_mlops.tracking.changes import Part
from jupyter_mlops.verbs import shown
from jupyter_mlops.verbs.diffwords import (
    MARKS,
    VALUE,
    apart,
    frame_words,
    kept_bytes,
    moved,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import RenderableType
    from rich.text import Text

    from jupyter_mlops.tracking.changes import Change
    from jupyter_mlops.tracking.datadiff import ArtifactChange, FileChange
    from jupyter_mlops.tracking.difference import MetricChange
    from jupyter_mlops.tracking.tablediff import ValueChange

ROWS = 30
STYLES = {"+": "green", "-": "red", "~": "yellow", "@": "cyan", "?": "dim"}
_CHANGED = 10
"""Changed values of one table that are shown."""
_CELL = 24


def value_rows(part: Part[Change]) -> Iterator[RenderableType]:
    """Lay out named values."""
    table = shown.make_table("", "", "A", "B")
    for item in part.changes[:ROWS]:
        old, new = apart(item.before, item.after)
        table.add_row(
            mark(item.how),
            shown.text(item.name, width=VALUE),
            shown.text("" if item.how == "added" else old),
            shown.text("" if item.how == "removed" else new),
        )
    yield table
    yield from rest(part.changes)


def package_rows(part: Part[Change]) -> Iterator[RenderableType]:
    """Lay out versions first; a tracked cell lists only what was imported by then."""
    changed = [item for item in part.changes if item.how == "changed"]
    if changed:
        yield from value_rows(Part(changes=tuple(changed)))
    for letter, how in (("A", "removed"), ("B", "added")):
        names = [
            f"{item.name} {item.before or item.after}"
            for item in part.changes
            if item.how == how
        ]
        if names:
            yield heading(how, f"only in {letter}: {', '.join(names)}")


def metric_rows(part: Part[MetricChange]) -> Iterator[RenderableType]:
    """Lay out last values and how they moved."""
    table = shown.make_table("", "", "A", "B", "change", right=["A", "B", "change"])
    for item in part.changes[:ROWS]:
        table.add_row(
            mark(item.how),
            shown.text(item.name, width=VALUE),
            shown.text(shown.number(item.before.last) if item.before else ""),
            shown.text(shown.number(item.after.last) if item.after else ""),
            shown.text(moved(item)),
        )
    yield table
    yield from rest(part.changes)


def file_rows(part: Part[FileChange]) -> Iterator[RenderableType]:
    """Lay out files by digest, with the rows and columns that are known."""
    table = shown.make_table("", "file", "role", "A", "B", "")
    for item in part.changes[:ROWS]:
        said = "not hashed" if item.how == "unknown" else ""
        table.add_row(
            mark(item.how),
            shown.text(item.path, width=70),
            shown.text(item.role),
            shown.text(said or kept_bytes(item.before)),
            shown.text(said or kept_bytes(item.after)),
            shown.text(frame_words(item.frame) if item.frame else ""),
        )
    yield table
    yield from rest(part.changes)


def artifact_rows(part: Part[ArtifactChange]) -> Iterator[RenderableType]:
    """Lay out artifacts by digest; of frames, which values changed."""
    table = shown.make_table("", "artifact", "format", "A", "B", "")
    for item in part.changes[:ROWS]:
        formats = [kept.format for kept in (item.before, item.after) if kept]
        table.add_row(
            mark(item.how),
            shown.text(item.name, width=VALUE),
            shown.text(" → ".join(dict.fromkeys(formats))),
            shown.text(kept_bytes(item.before)),
            shown.text(kept_bytes(item.after)),
            shown.text(frame_words(item.frame) if item.frame else ""),
        )
    yield table
    for item in part.changes[:ROWS]:
        if item.frame and item.frame.values:
            yield shown.text(f"values of {item.name}", "dim", width=VALUE)
            yield from changed_values(item.frame.values, item.frame.cells or 0)
    yield from rest(part.changes)


def changed_values(
    values: Sequence[ValueChange], count: int
) -> Iterator[RenderableType]:
    """Lay out values of a table that changed."""
    table = shown.make_table("  row", "column", "A", "B")
    for item in values[:_CHANGED]:
        old, new = apart(item.before, item.after)
        table.add_row(
            shown.text(f"  {shown.one_line(item.row, _CELL)}"),
            shown.text(item.column, width=_CELL),
            shown.text(old, "red"),
            shown.text(new, "green"),
        )
    if values:
        yield table
    if count > _CHANGED:
        yield shown.text(f"  … {count - _CHANGED} more values (--json)", "dim")


def heading(how: str, said: str) -> Text:
    """Write a line over what follows."""
    found = mark(how)
    found.append(f" {shown.one_line(said)}")
    return found


def mark(how: str) -> Text:
    """Write the sign of what happened."""
    return shown.text(MARKS[how], STYLES[MARKS[how]])


def rest(changes: Sequence[object]) -> Iterator[Text]:
    """Count what is not shown."""
    if len(changes) > ROWS:
        yield shown.text(f"… {len(changes) - ROWS} more (--json shows all)", "dim")
