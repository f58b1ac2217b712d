"""Lines of code and output of two runs in a terminal."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jupyter_mlops.verbs import shown
from jupyter_mlops.verbs.diffterminal.tables import (
    ROWS,
    STYLES,
    changed_values,
    heading,
    rest,
    value_rows,
)
from jupyter_mlops.verbs.diffwords import (
    DIGEST,
    cell_place,
    image_words,
    output_place,
    table_words,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import RenderableType
    from rich.text import Text

    from jupyter_mlops.tracking.changes import Part
    from jupyter_mlops.tracking.codediff import CodePart
    from jupyter_mlops.tracking.gitdiff import GitPart
    from jupyter_mlops.tracking.outputdiff import OutputChange

_LINES = 60
"""Lines of one cell's diff; an output's is shorter."""
_OUTPUT_LINES = 12
_COLOUR = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_TEXTS = ("text/plain", "text/html")


def code_rows(part: CodePart) -> Iterator[RenderableType]:
    """Lay out cells with the lines that changed."""
    for item in part.changes[:ROWS]:
        yield heading(item.how, cell_place(item))
        yield from line_rows(item.lines, _LINES)
    yield from rest(part.changes)


def git_rows(part: GitPart) -> Iterator[RenderableType]:
    """Lay out what git said, and how the uncommitted changes differ."""
    if part.changes:
        yield from value_rows(part)
    if part.lines:
        yield shown.text("uncommitted changes, as a diff of two diffs", "dim")
        yield from line_rows(part.lines, _LINES)


def output_rows(part: Part[OutputChange]) -> Iterator[RenderableType]:
    """Lay out tables by their values, pictures by a measure, text by line."""
    for item in part.changes[:ROWS]:
        yield heading(item.how, output_place(item))
        if item.table is not None:
            yield shown.text(f"  {table_words(item.table)}", "dim")
            yield from changed_values(item.table.cells, item.table.count)
        else:
            yield from line_rows(item.lines, _OUTPUT_LINES)
        yield from _others(item)
    yield from rest(part.changes)


def _others(item: OutputChange) -> Iterator[Text]:
    """Name the values that are no text by their digests."""
    from rich.text import Text

    if item.image is not None:
        yield Text(f"  picture: {image_words(item.image)}", style="dim")
    is_told = bool(item.lines) or item.table is not None
    for name in sorted({*item.before, *item.after}):
        if is_told and (name in _TEXTS or "/" not in name):
            continue
        digests = (item.before.get(name), item.after.get(name))
        said = " → ".join(found[:DIGEST] if found else "none" for found in digests)
        yield Text(f"  {shown.one_line(name)}  {said}", style="dim")


def line_rows(lines: Sequence[str], most: int) -> Iterator[Text]:
    """Lay out a unified diff."""
    from rich.text import Text

    for line in lines[:most]:
        said = shown.safe_line(_COLOUR.sub("", line))
        yield Text(f"  {said}", style=STYLES.get(line[:1], ""))
    if len(lines) > most:
        said = f"  … {len(lines) - most} more lines (--json shows all)"
        yield Text(said, style="dim")
