"""Lines of code and output of two runs as HTML."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jupyter_mlops.verbs.diffhtml.images import SVG
from jupyter_mlops.verbs.diffhtml.parts import heading, line, lines, quiet
from jupyter_mlops.verbs.diffhtml.tables import ROWS, changed_values, rest, value_table
from jupyter_mlops.verbs.diffwords import (
    DIGEST,
    cell_place,
    output_place,
    table_words,
)
from jupyter_mlops.wording import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_mlops.tracking.changes import Part
    from jupyter_mlops.tracking.codediff import CodePart
    from jupyter_mlops.tracking.gitdiff import GitPart
    from jupyter_mlops.tracking.outputdiff import OutputChange
    from jupyter_mlops.verbs.diffhtml.images import Pictures

_LINES = 400
_OUTPUT_LINES = 60
_COLOUR = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_TOLD = ("text/plain", "text/html")


def code_lines(part: CodePart) -> Iterator[str]:
    """Lay out cells with the lines that changed."""
    for item in part.changes[:ROWS]:
        yield heading(item.how, cell_place(item))
        yield lines(item.lines, _LINES)
    yield rest(part.changes)


def git_lines(part: GitPart) -> Iterator[str]:
    """Lay out what git said, and how the uncommitted changes differ."""
    if part.changes:
        yield from value_table(part)
    if part.lines:
        yield line(quiet("uncommitted changes, as a diff of two diffs"))
        yield lines(part.lines, _LINES)


def output_lines(part: Part[OutputChange], pictures: Pictures) -> Iterator[str]:
    """Lay out tables by their values, pictures side by side, text by line."""
    for item in part.changes[:ROWS]:
        yield heading(item.how, output_place(item))
        pictured = pictures.render(item)
        if item.table is not None:
            yield line(quiet(table_words(item.table)))
            if item.table.cells:
                yield changed_values(item.table.cells, item.table.count)
        elif not pictured:
            shown = [_COLOUR.sub("", text) for text in item.lines]
            yield lines(shown, _OUTPUT_LINES)
        yield pictured
        yield from _others(item)
    yield rest(part.changes)


def _others(item: OutputChange) -> Iterator[str]:
    """Name the values that cannot be shown here by their digests."""
    is_told = bool(item.lines) or item.table is not None
    for name in sorted({*item.before, *item.after}):
        is_text = name in _TOLD or "/" not in name
        if (is_told and is_text) or name.startswith("image/") or name == SVG:
            continue
        digests = (item.before.get(name), item.after.get(name))
        said = " → ".join(found[:DIGEST] if found else "none" for found in digests)
        yield line(quiet(f"{one_line(name)}  {said}"))
