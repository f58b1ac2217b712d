"""How the difference of two runs looks in a terminal: only what changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlops.tracking.codediff import CodePart
from jupyter_mlops.tracking.gitdiff import GitPart
from jupyter_mlops.verbs import shown
from jupyter_mlops.verbs.diffterminal.code import code_rows, git_rows, output_rows
from jupyter_mlops.verbs.diffterminal.tables import (
    artifact_rows,
    file_rows,
    metric_rows,
    package_rows,
    value_rows,
)
from jupyter_mlops.verbs.diffwords import equal_parts, part_title

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.console import RenderableType
    from rich.text import Text

    from jupyter_mlops.records import RunRecord
    from jupyter_mlops.tracking.changes import Part
    from jupyter_mlops.tracking.difference import RunDifference

_PARTS: dict[str, Callable[[Any], Iterator[RenderableType]]] = {
    "outcome": value_rows,
    "code": code_rows,
    "recipe": code_rows,
    "params": value_rows,
    "metrics": metric_rows,
    "tags": value_rows,
    "files": file_rows,
    "artifacts": artifact_rows,
    "outputs": output_rows,
    "packages": package_rows,
    "git": git_rows,
    "environment": value_rows,
}


def render_difference(found: RunDifference) -> RenderableType:
    """Lay out the parts that changed; the others are one line of counts."""
    from rich.console import Group

    parts: list[RenderableType] = [_head(found)]
    for name, rows in _PARTS.items():
        part = found.parts[name]
        if part.changes or (isinstance(part, GitPart) and part.lines):
            parts += ["", _title(name, part), *rows(part)]
        if isinstance(part, CodePart) and part.is_reordered:
            said = "cells" if name == "code" else "cells before them"
            parts += ["", shown.text(f"The {said} ran in another order.", "yellow")]
    if found.is_equal:
        parts += ["", shown.text("No difference in what is recorded of them.", "green")]
    if equal := equal_parts(found):
        parts += ["", shown.text(f"Equal: {equal}.", "dim")]
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
    title = shown.text(part_title(name), "bold")
    if name != "outcome" and part.equal:
        title.append(f"  ({part.equal} equal)", style="not bold dim")
    return title
