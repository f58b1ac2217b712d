"""``search``: the runs in which some words occur, and where."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated

import typer

from jupyter_mlops.verbs import shown
from jupyter_mlops.verbs.session import AsJson, session_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType
    from rich.text import Text

    from jupyter_mlops.store.index import SearchHit
    from jupyter_mlops.workspace import Workspace

DEFAULT_LIMIT = 20
_MARKED = "bold yellow"


@dataclass(frozen=True)
class Hits:
    """What was found, ready to be shown.

    Attributes
    ----------
    has_more : bool
        The limit left some out.
    """

    hits: Sequence[SearchHit]
    has_more: bool = False
    exit_code: int = field(default=0, init=False)

    def to_json(self) -> list[SearchHit]:
        """Return one object a run."""
        return list(self.hits)

    def render(self) -> RenderableType:
        """Lay out each run in a line, and below it the field and the snippet."""
        from rich.console import Group

        if not self.hits:
            return shown.text("Found in no run.")
        short = shown.short_ids(hit.run_id for hit in self.hits)
        lines: list[RenderableType] = []
        for hit in self.hits:
            lines += [_head(hit, short[hit.run_id]), _snippet(hit)]
        if self.has_more:
            lines.append(shown.text("There are more: see --limit.", "dim"))
        return Group(*lines)


def _head(hit: SearchHit, short: str) -> Text:
    from rich.text import Text

    parts = (
        shown.text(short, "cyan"),
        shown.text(hit.name, "bold", width=40),
        shown.text(hit.experiment, width=40),
        shown.status(hit.status),
        shown.text(shown.ago(hit.started), "dim"),
    )
    return Text("  ").join(parts)


def _snippet(hit: SearchHit) -> Text:
    from rich.text import Text

    line = Text.assemble("    ", (f"{shown.one_line(hit.field)}: ", "dim"))
    at = 0
    for begin, end in hit.marks:
        line.append(_safe(hit.snippet[at:begin]))
        line.append(_safe(hit.snippet[begin:end]), style=_MARKED)
        at = end
    line.append(_safe(hit.snippet[at:]))
    return line


def _safe(part: str) -> str:
    """Keep a part's control codes from the terminal, but the blanks at its ends."""
    return "".join(
        letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}"
        for letter in part
    )


def search_runs(
    workspace: Workspace,
    text: str,
    *,
    experiment: str | None = None,
    limit: int = DEFAULT_LIMIT,
) -> Hits:
    """Find the runs in which all words of a text occur, latest first.

    Raises
    ------
    InvalidInputError
        When there is no word in `text`.
    ExperimentNotFoundError
        When there is no such experiment.
    """
    index = workspace.store.index
    index.catch_up()
    found = index.search(text, experiment=experiment, limit=limit + 1)
    return Hits(found[:limit], has_more=len(found) > limit)


def search_command(
    context: typer.Context,
    text: Annotated[
        list[str],
        typer.Argument(
            help='Words that must all occur; a "phrase" in quotes; a beginning*.',
            metavar="TEXT",
            show_default=False,
        ),
    ],
    *,
    experiment: Annotated[
        str | None,
        typer.Option(
            "--experiment", "-e", help="Only runs of this experiment.", metavar="NAME"
        ),
    ] = None,
    limit: Annotated[
        int, typer.Option("--limit", "-n", min=1, help="At most so many.", metavar="N")
    ] = DEFAULT_LIMIT,
    as_json: AsJson = False,
) -> None:
    """Search the text of all runs, latest first.

    Looks in names, notes, params, tags and errors, and in the sources and outputs
    of cells. Upper and lower case are the same.

    Example:
      jupyter mlops search "KeyError region"
      jupyter mlops search '"drop duplicates" cust*' -e churn
    """
    session = session_of(context)
    found = search_runs(
        session.workspace(), " ".join(text), experiment=experiment, limit=limit
    )
    session.say(found, as_json=as_json)
