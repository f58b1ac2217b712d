"""Named values, metrics, data and displayed tables of two runs as HTML tables."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from jupyter_mlops.tracking.changes import Part
from jupyter_mlops.verbs.diffhtml.parts import (
    fold,
    heading,
    line,
    mark,
    new,
    old,
    quiet,
    table,
    text,
)
from jupyter_mlops.verbs.diffwords import (
    VALUE,
    apart,
    frame_words,
    kept_bytes,
    moved,
)
from jupyter_mlops.wording import number

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jupyter_mlops.tracking.changes import Change
    from jupyter_mlops.tracking.datadiff import ArtifactChange, FileChange
    from jupyter_mlops.tracking.difference import MetricChange
    from jupyter_mlops.tracking.tablediff import ValueChange

ROWS = 100
_OPEN = 3
"""Packages that only one has: more are folded."""
_TABLE_ROWS = 20
_TABLE_COLUMNS = 12
_CELL = 24


def value_table(part: Part[Change]) -> Iterator[str]:
    """Lay out named values."""
    rows = []
    for item in part.changes[:ROWS]:
        before, after = apart(item.before, item.after)
        rows.append(
            (
                mark(item.how),
                text(item.name, VALUE),
                "" if item.how == "added" else old(before),
                "" if item.how == "removed" else new(after),
            )
        )
    yield table(("", "", "A", "B"), rows)
    yield rest(part.changes)


def package_table(part: Part[Change]) -> Iterator[str]:
    """Lay out versions first; a tracked cell lists only what was imported by then."""
    changed = [item for item in part.changes if item.how == "changed"]
    if changed:
        yield from value_table(Part(changes=tuple(changed)))
    for letter, how in (("A", "removed"), ("B", "added")):
        names = [
            f"{item.name} {item.before or item.after}"
            for item in part.changes
            if item.how == how
        ]
        if len(names) > _OPEN:
            words = escape(", ".join(names))
            note = f"{len(names)} packages"
            yield fold(f"only in {letter}", words, note=note, is_open=False)
        elif names:
            yield heading(how, f"only in {letter}: {', '.join(names)}")


def metric_table(part: Part[MetricChange]) -> Iterator[str]:
    """Lay out last values and how they moved."""
    rows = [
        (
            mark(item.how),
            text(item.name, VALUE),
            escape(number(item.before.last)) if item.before else "",
            escape(number(item.after.last)) if item.after else "",
            f"<b>{escape(moved(item))}</b>",
        )
        for item in part.changes[:ROWS]
    ]
    yield table(("", "", "A", "B", "change"), rows, right=(2, 3, 4))
    yield rest(part.changes)


def file_table(part: Part[FileChange]) -> Iterator[str]:
    """Lay out files by digest, with the rows and columns that are known."""
    rows = []
    for item in part.changes[:ROWS]:
        said = "not hashed" if item.how == "unknown" else ""
        rows.append(
            (
                mark(item.how),
                text(item.path, 70),
                quiet(item.role),
                _bytes(said or kept_bytes(item.before)),
                _bytes(said or kept_bytes(item.after)),
                text(frame_words(item.frame)) if item.frame else "",
            )
        )
    yield table(("", "file", "role", "A", "B", ""), rows)
    yield rest(part.changes)


def artifact_table(part: Part[ArtifactChange]) -> Iterator[str]:
    """Lay out artifacts by digest; of frames, which values changed."""
    rows = []
    for item in part.changes[:ROWS]:
        formats = [kept.format for kept in (item.before, item.after) if kept]
        rows.append(
            (
                mark(item.how),
                text(item.name, VALUE),
                quiet(" → ".join(dict.fromkeys(formats))),
                _bytes(kept_bytes(item.before)),
                _bytes(kept_bytes(item.after)),
                text(frame_words(item.frame)) if item.frame else "",
            )
        )
    yield table(("", "artifact", "format", "A", "B", ""), rows)
    for item in part.changes[:ROWS]:
        if item.frame and item.frame.values:
            yield line(quiet(f"values of {item.name}"))
            yield changed_values(item.frame.values, item.frame.cells or 0)
    yield rest(part.changes)


def changed_values(values: Sequence[ValueChange], count: int) -> str:
    """Lay out changed values in their rows and columns, unchanged ones left blank."""
    columns = list(dict.fromkeys(item.column for item in values))[:_TABLE_COLUMNS]
    rows: dict[str, dict[str, str]] = {}
    shown = 0
    for item in values:
        if item.column not in columns:
            continue
        if item.row not in rows and len(rows) == _TABLE_ROWS:
            continue
        shown += 1
        before, after = apart(item.before, item.after)
        rows.setdefault(item.row, {})[item.column] = f"{old(before)} {new(after)}"
    body = [
        (quiet(label[:_CELL]), *(found.get(name, "") for name in columns))
        for label, found in rows.items()
    ]
    more = quiet(f"… {count - shown} more values (--json)") if count > shown else ""
    return table(("", *(name[:_CELL] for name in columns)), body) + more


def rest(changes: Sequence[object]) -> str:
    """Count what is not shown."""
    hidden = len(changes) - ROWS
    return line(quiet(f"… {hidden} more (--json shows all)")) if hidden > 0 else ""


def _bytes(words: str) -> str:
    return f'<code style="font-size:90%">{escape(words)}</code>' if words else ""
