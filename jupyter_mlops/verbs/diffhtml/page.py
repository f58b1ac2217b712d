"""The difference of two runs as a page: what changed is open, what is equal folded."""

from __future__ import annotations

from functools import partial
from html import escape
from typing import TYPE_CHECKING, Any

from jupyter_mlops.records import Status
from jupyter_mlops.tracking.codediff import CodePart
from jupyter_mlops.tracking.gitdiff import GitPart
from jupyter_mlops.verbs.diffhtml.code import code_lines, git_lines, output_lines
from jupyter_mlops.verbs.diffhtml.parts import (
    BAD,
    GOOD,
    WARM,
    coloured,
    fold,
    line,
    quiet,
    table,
    text,
    whole,
)
from jupyter_mlops.verbs.diffhtml.tables import (
    artifact_table,
    file_table,
    metric_table,
    package_table,
    value_table,
)
from jupyter_mlops.verbs.diffwords import equal_parts, part_title
from jupyter_mlops.wording import counted, took

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jupyter_mlops.records import RunRecord
    from jupyter_mlops.tracking.changes import Part
    from jupyter_mlops.tracking.difference import RunDifference
    from jupyter_mlops.verbs.diffhtml.images import Pictures

_FOLDED = frozenset({"environment", "packages"})
"""Parts that seldom explain a result: they are closed when there is much in them."""
_MUCH = 6
_STATUS = {Status.FINISHED: GOOD, Status.FAILED: BAD}


def difference_page(found: RunDifference, pictures: Pictures) -> str:
    """Lay out a difference as a piece of HTML, for a notebook."""
    return whole([_head(found), *_parts(found, pictures), *_foot(found)])


def difference_document(found: RunDifference, pictures: Pictures) -> str:
    """Lay out a difference as a document of its own."""
    title = escape(f"{found.before.name} and {found.after.name}")
    # Nothing may be fetched or run, whatever stands in the runs.
    policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>{title}</title></head>"
        f'<body style="margin:16px">{difference_page(found, pictures)}</body></html>\n'
    )


def _head(found: RunDifference) -> str:
    def row(letter: str, run: RunRecord) -> tuple[str, ...]:
        return (
            f"<b>{letter}</b>",
            f"<b>{text(run.name, 40)}</b>",
            quiet(run.experiment[:40]),
            coloured(str(run.status), _STATUS.get(run.status, WARM)),
            quiet(run.started.astimezone().strftime("%Y-%m-%d %H:%M:%S")),
            escape(took(run.seconds)),
            f'<code style="user-select:all">{escape(run.run_id)}</code>',
        )

    return table(("",) * 7, [row("A", found.before), row("B", found.after)])


def _parts(found: RunDifference, pictures: Pictures) -> Iterator[str]:
    layouts: dict[str, Callable[[Any], Iterator[str]]] = {
        "outcome": value_table,
        "code": code_lines,
        "recipe": code_lines,
        "params": value_table,
        "metrics": metric_table,
        "tags": value_table,
        "files": file_table,
        "artifacts": artifact_table,
        "outputs": partial(output_lines, pictures=pictures),
        "packages": package_table,
        "git": git_lines,
        "environment": value_table,
    }
    for name, layout in layouts.items():
        part = found.parts[name]
        body = ""
        if part.changes or (isinstance(part, GitPart) and part.lines):
            body = "".join(layout(part))
        if isinstance(part, CodePart) and part.is_reordered:
            said = "cells" if name == "code" else "cells before them"
            body += line(coloured(f"The {said} ran in another order.", WARM))
        if body:
            is_open = name not in _FOLDED or len(part.changes) <= _MUCH
            yield fold(part_title(name), body, note=_count(part), is_open=is_open)


def _count(part: Part[Any]) -> str:
    said = counted(len(part.changes), "change") if part.changes else ""
    return ", ".join(filter(None, [said, f"{part.equal} equal" if part.equal else ""]))


def _foot(found: RunDifference) -> Iterator[str]:
    if found.is_equal:
        words = "No difference in what is recorded of them."
        yield line(coloured(words, GOOD))
    if equal := equal_parts(found):
        yield fold("equal", escape(f"{equal}."), is_open=False)
    for remark in found.remarks:
        yield line(coloured(remark, WARM))
