"""``index``: brings the index up to date, or makes it anew."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jupyter_mlops.verbs.session import AsJson, session_of

if TYPE_CHECKING:
    from rich.console import RenderableType

    from jupyter_mlops.store.index import CatchUp
    from jupyter_mlops.workspace import Workspace


@dataclass(frozen=True)
class Indexed:
    """What indexing has done."""

    found: CatchUp
    seconds: float
    is_rebuilt: bool
    exit_code: int = field(default=0, init=False)

    def to_json(self) -> dict[str, Any]:
        """Return counts and problems."""
        return {
            "events": self.found.events,
            "runs": self.found.runs,
            "is_current": self.found.is_current,
            "rebuilt": self.is_rebuilt,
            "seconds": round(self.seconds, 3),
            "problems": self.found.problems,
        }

    def render(self) -> RenderableType:
        """Return a line, and one for each problem."""
        from rich.console import Group

        from jupyter_mlops.verbs import shown

        did = (
            "Made the index anew" if self.is_rebuilt else "Brought the index up to date"
        )
        said = f"{did}: {self.found.events} events of {self.found.runs} runs"
        lines = [shown.text(f"{said} in {shown.took(self.seconds)}.")]
        if not self.found.is_current:
            lines.append(shown.text("Another process is still indexing.", "yellow"))
        lines += [shown.text(problem, "yellow") for problem in self.found.problems]
        return Group(*lines)


def update_index(workspace: Workspace, *, rebuild: bool = False) -> Indexed:
    """Read what is new in the journals, or with `rebuild` all of them again."""
    import time

    began = time.perf_counter()
    index = workspace.store.index
    found = index.rebuild() if rebuild else index.catch_up()
    return Indexed(found, time.perf_counter() - began, rebuild)


def index_command(
    context: typer.Context,
    *,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Throw it away and read everything.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Bring the index up to date with the journals.

    Verbs that read do so by themselves.

    Example:
      jupyter mlops index --rebuild
    """
    session = session_of(context)
    found = update_index(session.workspace(), rebuild=rebuild)
    session.say(found, as_json=as_json)
