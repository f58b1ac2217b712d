"""``archive``: a run, or a version of a model, is laid aside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from jupyter_mlops.errors import InvalidInputError
from jupyter_mlops.verbs.annotated import AnnotatedRun
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


def archive_run(workspace: Workspace, run: str, *, undo: bool = False) -> AnnotatedRun:
    """Lay a run aside, or bring it back."""
    found = workspace.get_run(run)
    if undo:
        found.restore()
    else:
        found.archive()
    does = "is listed again" if undo else "is archived: lists leave it out"
    said = f"Run {found.id} ({found.name}) {does}."
    return AnnotatedRun(workspace.get_run(found.id), said)


def archive_command(
    context: typer.Context,
    *,
    name: Annotated[str, typer.Argument(help="A run, or the model.", metavar="NAME")],
    version: Annotated[
        int | None,
        typer.Argument(help="The number of the model's version.", metavar="[VERSION]"),
    ] = None,
    reason: Annotated[
        str | None, typer.Option(help="Kept in the model's history.", metavar="TEXT")
    ] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Bring it back.")] = False,
    as_json: AsJson = False,
) -> None:
    """Lay a run or a version aside: nothing is deleted, but lists leave it out.

    An archived version is not promoted, either.

    Example:
      jupyter mlops archive 01jd3k8v2m
      jupyter mlops archive churn 1 --reason "trained on half of the data"
    """
    session = session_of(context)
    workspace = session.workspace()
    if version is not None:
        session.say(
            archive(workspace, name, version, reason=reason, undo=undo),
            as_json=as_json,
        )
        return
    if reason is not None:
        raise InvalidInputError(
            "--reason is for versions, which have a history. For a run, use "
            f"'jupyter mlops note {name} TEXT'."
        )
    session.say(archive_run(workspace, name, undo=undo), as_json=as_json)
