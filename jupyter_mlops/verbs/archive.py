"""``archive``: a version is laid aside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from jupyter_mlops.verbs.session import AsJson, session_of
from jupyter_mlops.verbs.versions import OneVersion

if TYPE_CHECKING:
    from jupyter_mlops.workspace import Workspace


def archive(
    workspace: Workspace,
    name: str,
    version: int,
    *,
    reason: str | None = None,
    undo: bool = False,
) -> OneVersion:
    """Lay a version aside, or bring it back."""
    standing = workspace.registry.standing
    found = standing.archive(name, version, reason=reason, undo=undo)
    does = "is in use again" if undo else "is archived"
    return OneVersion(found, f"Version {version} of {name} {does}.")


def archive_command(
    context: typer.Context,
    *,
    name: Annotated[str, typer.Argument(help="The model.", metavar="NAME")],
    version: Annotated[
        int, typer.Argument(help="The number of the version.", metavar="VERSION")
    ],
    reason: Annotated[
        str | None, typer.Option(help="Kept in the model's history.", metavar="TEXT")
    ] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Bring it back.")] = False,
    as_json: AsJson = False,
) -> None:
    """Lay a version aside: nothing is deleted, but it is not listed or promoted.

    Example:
      jupyter mlops archive churn 1 --reason "trained on half of the data"
    """
    session = session_of(context)
    found = archive(session.workspace(), name, version, reason=reason, undo=undo)
    session.say(found, as_json=as_json)
