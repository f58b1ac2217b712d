"""``cancel``: a run that goes on is interrupted, whoever started it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jupyter_mlops.verbs import shown
from jupyter_mlops.verbs.session import AsJson, session_of

if TYPE_CHECKING:
    from rich.console import RenderableType

    from jupyter_mlops.workspace import Workspace
    from jupyter_mlops.workspace.cancelling import Cancelled


@dataclass(frozen=True)
class CancelledRun:
    """What was interrupted."""

    cancelled: Cancelled
    exit_code: int = field(default=0, init=False)

    def to_json(self) -> dict[str, Any]:
        """Return the run, its process, and the job that it is."""
        found = self.cancelled
        return {
            "run_id": found.run.id,
            "name": found.run.name,
            "process": found.process,
            "job": None if found.job is None else found.job.id,
        }

    def render(self) -> RenderableType:
        """Return what happens now."""
        found = self.cancelled
        return shown.text(
            f"Interrupted process {found.process}, which does run {found.run.id} "
            f"({found.run.name}). It writes down what there is, and ends; cancel it "
            f"once more to end it at once."
        )


def cancel(workspace: Workspace, run: str) -> CancelledRun:
    """Interrupt what does a run."""
    from jupyter_mlops.workspace.cancelling import cancel_run

    return CancelledRun(cancel_run(workspace, run))


def cancel_command(
    context: typer.Context,
    *,
    run: Annotated[
        str,
        typer.Argument(
            help="A run's id, the beginning of one, or 'last'.", metavar="RUN"
        ),
    ],
    as_json: AsJson = False,
) -> None:
    """Interrupt what does a run, as Ctrl-C there would.

    It may have been started in another terminal, by cron or in the sidebar, by you and
    on this machine. Once, and it writes down what there is; twice, and it ends at once.

    Example:
      jupyter mlops cancel last
    """
    session = session_of(context)
    session.say(cancel(session.workspace(), run), as_json=as_json)
