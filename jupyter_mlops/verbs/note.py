"""``note``: a sentence kept with a run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from jupyter_mlops.verbs.annotated import AnnotatedRun
from jupyter_mlops.verbs.session import AsJson, session_of

if TYPE_CHECKING:
    from jupyter_mlops.workspace import Workspace


def note(workspace: Workspace, run: str, text: str) -> AnnotatedRun:
    """Put a note on a run, in place of an earlier one."""
    found = workspace.get_run(run)
    found.log_note(text)
    did = "has a note" if text else "has no note any more"
    said = f"Run {found.id} ({found.name}) {did}."
    return AnnotatedRun(workspace.get_run(found.id), said)


def note_command(
    context: typer.Context,
    *,
    run: Annotated[
        str,
        typer.Argument(
            help="A run's id, the beginning of one, or 'last'.", metavar="RUN"
        ),
    ],
    text: Annotated[
        str, typer.Argument(help="The note; empty takes it off.", metavar="TEXT")
    ],
    as_json: AsJson = False,
) -> None:
    """Put a note on a run, in place of an earlier one; secrets in it are masked.

    Example:
      jupyter mlops note last "overfits from step 300 on"
    """
    session = session_of(context)
    session.say(note(session.workspace(), run, text), as_json=as_json)
