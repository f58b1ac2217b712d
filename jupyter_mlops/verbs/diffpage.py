"""How the difference of two runs looks in a terminal: only what changed."""

from __future__ import annotations

import re
from math import isfinite
from typing import TYPE_CHECKING, Any

from jupyter_mlops.tracking.changes import Part
from jupyter_mlops.tracking.codediff import CodePart
from jupyter_mlops.verbs import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from rich.console import RenderableType
    from rich.text import Text

    from jupyter_mlops.records import ArtifactRecord, FileRecord, RunRecord
    from jupyter_mlops.tracking.changes import Change
    from jupyter_mlops.tracking.datadiff import (
        ArtifactChange,
        FileChange,
        FrameChange,
    )
    from jupyter_mlops.tracking.difference import MetricChange, RunDifference
    from jupyter_mlops.tracking.outputdiff import OutputChange

_ROWS = 30
_LINES = 60
"""Lines of one cell's diff; an output's is shorter."""
_OUTPUT_LINES = 12
_VALUE = 48
_DIGEST = 12
_COLOUR = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_LEAD = 8
_MARKS = {"added": "+", "removed": "-", "changed": "~", "unknown": "?"}
_STYLES = {"+": "green", "-": "red", "~": "yellow", "@": "cyan", "?": "dim"}
_NOUNS = {
    "outcome": "",
    "code": "cell",
    "recipe": "cell before",
    "environment": "environment value",
}


def render_difference(found: RunDifference) -> RenderableType:
    """Lay out the parts that changed; the others are one line of counts."""
    from rich.console import Group

    parts: list[RenderableType] = [_head(found)]
    for name, rows in _PARTS.items():
        part = found.parts[name]
        if part.changes:
            parts += ["", _title(name, part), *rows(part)]
        if isinstance(part, CodePart) and part.is_reordered:
            said = "cells" if name == "code" else "cells before them"
            parts += ["", shown.text(f"The {said} ran in another order.", "yellow")]
    if found.is_equal:
        parts += ["", shown.text("No difference in what is recorded of them.", "green")]
    equal = [
        _counted(name, part.equal)
        for name, part in found.parts.items()
        if not part.changes
    ]
    if any(equal):
        parts += ["", shown.text(f"Equal: {', '.join(filter(None, equal))}.", "dim")]
    parts += [shown.text(remark, "yellow") for remark in found.remarks]
    return Group(*parts)


def _head(found: RunDifference) -> RenderableType:
    ids = shown.short_ids([found.before.run_id, found.after.run_id])
    table = shown.make_table(
        "", "run", "name", "experiment", "status", "started", "took", right=["took"]
    )

    def add(letter: str, run: RunRecord) -> None:
        table.add_row(
            shown.text(letter, "bold"),
            shown.text(ids[run.run_id], "cyan"),
            shown.text(run.name, width=30),
            shown.text(run.experiment, width=30),
            shown.status(run.status),
            shown.text(run.started.astimezone().strftime("%Y-%m-%d %H:%M:%S")),
            shown.text(shown.took(run.seconds)),
        )

    add("A", found.before)
    add("B", found.after)
    return table


def _title(name: str, part: Part[Any]) -> Text:
    said = "cells before, in the recipes" if name == "recipe" else name
    title = shown.text(said, "bold")
    if name != "outcome" and part.equal:
        title.append(f"  ({part.equal} equal)", style="not bold dim")
    return title


def _counted(name: str, count: int) -> str:
    noun = _NOUNS.get(name, name.removesuffix("s"))
    return shown.counted(count, noun) if noun and count else ""


# --- named values ----------------------------------------------------------------


def _values(part: Part[Change]) -> Iterator[RenderableType]:
    table = shown.make_table("", "", "A", "B")
    for item in part.changes[:_ROWS]:
        old, new = _apart(item.before, item.after)
        table.add_row(
            _mark(item.how),
            shown.text(item.name, width=_VALUE),
            shown.text("" if item.how == "added" else old),
            shown.text("" if item.how == "removed" else new),
        )
    yield table
    yield from _rest(part.changes)


def _packages(part: Part[Change]) -> Iterator[RenderableType]:
    """Versions first; a tracked cell lists only what was imported by then."""
    changed = [item for item in part.changes if item.how == "changed"]
    if changed:
        yield from _values(Part(changes=tuple(changed)))
    for letter, how in (("A", "removed"), ("B", "added")):
        names = [
            f"{item.name} {item.before or item.after}"
            for item in part.changes
            if item.how == how
        ]
        if names:
            yield _heading(how, f"only in {letter}: {', '.join(names)}")


def _apart(old: Any, new: Any) -> tuple[str, str]:
    """Write two values so that they can be told apart."""
    texts = shown.value(old, _VALUE), shown.value(new, _VALUE)
    if texts[0] != texts[1]:
        return texts
    is_text = isinstance(old, str) and isinstance(new, str)
    left, right = (old, new) if is_text else (repr(old), repr(new))
    pairs = enumerate(zip(left, right, strict=False))
    first = next((at for at, (a, b) in pairs if a != b), min(len(left), len(right)))
    start = max(0, first - _LEAD)
    lead = "…" if start else ""
    return (
        shown.one_line(lead + left[start:], _VALUE),
        shown.one_line(lead + right[start:], _VALUE),
    )


def _metrics(part: Part[MetricChange]) -> Iterator[RenderableType]:
    table = shown.make_table("", "", "A", "B", "change", right=["A", "B", "change"])
    for item in part.changes[:_ROWS]:
        table.add_row(
            _mark(item.how),
            shown.text(item.name, width=_VALUE),
            shown.text(shown.number(item.before.last) if item.before else ""),
            shown.text(shown.number(item.after.last) if item.after else ""),
            shown.text(_moved(item)),
        )
    yield table
    yield from _rest(part.changes)


def _moved(item: MetricChange) -> str:
    if item.change is None or item.before is None or item.after is None:
        return ""
    if item.change == 0:
        old, new = item.before.count, item.after.count
        return f"last equal; {old} and {new} values" if old != new else "last equal"
    said = shown.number(item.change)
    said = f"+{said}" if item.change > 0 else said
    share = item.change / abs(item.before.last) if item.before.last else 0.0
    return f"{said} ({share:+.1%})" if share and isfinite(share) else said


# --- data ------------------------------------------------------------------------


def _files(part: Part[FileChange]) -> Iterator[RenderableType]:
    table = shown.make_table("", "file", "role", "A", "B")
    for item in part.changes[:_ROWS]:
        said = "not hashed" if item.how == "unknown" else ""
        table.add_row(
            _mark(item.how),
            shown.text(item.path, width=70),
            shown.text(item.role),
            shown.text(said or _bytes(item.before)),
            shown.text(said or _bytes(item.after)),
        )
    yield table
    yield from _rest(part.changes)


def _artifacts(part: Part[ArtifactChange]) -> Iterator[RenderableType]:
    table = shown.make_table("", "artifact", "format", "A", "B", "")
    for item in part.changes[:_ROWS]:
        formats = [kept.format for kept in (item.before, item.after) if kept]
        table.add_row(
            _mark(item.how),
            shown.text(item.name, width=_VALUE),
            shown.text(" → ".join(dict.fromkeys(formats))),
            shown.text(_bytes(item.before)),
            shown.text(_bytes(item.after)),
            shown.text(_frame(item.frame) if item.frame else ""),
        )
    yield table
    yield from _rest(part.changes)


def _bytes(kept: ArtifactRecord | FileRecord | None) -> str:
    if kept is None:
        return ""
    size = "" if kept.size is None else f" {shown.size(kept.size)}"
    return f"{(kept.digest or '?')[:_DIGEST]}{size}"


def _frame(frame: FrameChange) -> str:
    said = []
    if frame.shape_before != frame.shape_after:
        shapes = (frame.shape_before, frame.shape_after)
        said.append(" → ".join(" by ".join(map(str, shape)) for shape in shapes))
    for item in frame.columns[:4]:
        types = f" {item.before} → {item.after}" if item.how == "changed" else ""
        said.append(f"{_MARKS[item.how]}{item.name}{types}")
    if len(frame.columns) > 4:  # noqa: PLR2004 - as many as above
        said.append(f"… {len(frame.columns) - 4} more columns")
    if frame.cells is not None:
        ending = "differs" if frame.cells == 1 else "differ"
        said.append(f"{shown.counted(frame.cells, 'value')} {ending}")
    if frame.is_index_equal is False:
        said.append("index differs")
    return shown.one_line(", ".join([*said, *filter(None, [frame.unread])]), 100)


# --- code and outputs ------------------------------------------------------------


def _code(part: CodePart) -> Iterator[RenderableType]:
    for item in part.changes[:_ROWS]:
        places = [
            f"{letter} {at}"
            for letter, at in (("A", item.before), ("B", item.after))
            if at is not None
        ]
        yield _heading(item.how, f"cell {', '.join(places)}")
        yield from _diff(item.lines, _LINES)
    yield from _rest(part.changes)


def _outputs(part: Part[OutputChange]) -> Iterator[RenderableType]:
    from rich.text import Text

    for item in part.changes[:_ROWS]:
        places = [
            f"{letter} cell {cell} output {number}"
            for letter, cell, number in (
                ("A", item.cell_before, item.output_before),
                ("B", item.cell_after, item.output_after),
            )
            if number is not None
        ]
        others = sorted({*item.before, *item.after})
        if item.lines:
            others = [name for name in others if "/" in name and name != "text/plain"]
        yield _heading(item.how, ", ".join(places))
        yield from _diff(item.lines, _OUTPUT_LINES)
        for name in others:
            digests = (item.before.get(name), item.after.get(name))
            said = " → ".join(found[:_DIGEST] if found else "none" for found in digests)
            yield Text(f"  {shown.one_line(name)}  {said}", style="dim")
    yield from _rest(part.changes)


def _heading(how: str, said: str) -> Text:
    heading = _mark(how)
    heading.append(f" {shown.one_line(said)}")
    return heading


def _diff(lines: Sequence[str], most: int) -> Iterator[Text]:
    from rich.text import Text

    for line in lines[:most]:
        said = shown.safe_line(_COLOUR.sub("", line))
        yield Text(f"  {said}", style=_STYLES.get(line[:1], ""))
    if len(lines) > most:
        rest = f"  … {len(lines) - most} more lines (--json shows all)"
        yield Text(rest, style="dim")


def _mark(how: str) -> Text:
    return shown.text(_MARKS[how], _STYLES[_MARKS[how]])


def _rest(changes: Sequence[object]) -> Iterator[Text]:
    if len(changes) > _ROWS:
        yield shown.text(f"… {len(changes) - _ROWS} more (--json shows all)", "dim")


_PARTS: dict[str, Callable[[Any], Iterator[RenderableType]]] = {
    "outcome": _values,
    "code": _code,
    "recipe": _code,
    "params": _values,
    "metrics": _metrics,
    "tags": _values,
    "files": _files,
    "packages": _packages,
    "environment": _values,
    "artifacts": _artifacts,
    "outputs": _outputs,
}
