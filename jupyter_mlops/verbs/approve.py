"""``approve``: somebody vouches for a version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from jupyter_mlops.verbs import shown
from jupyter_mlops.verbs.promote import DEFAULT_ALIAS
from jupyter_mlops.verbs.session import AsJson, session_of
from jupyter_mlops.verbs.versions import OneVersion, latest_of

if TYPE_CHECKING:
    from jupyter_mlops.workspace import Workspace


def approve(
    workspace: Workspace,
    name: str,
    version: int,
    *,
    alias: str | None = None,
    reason: str | None = None,
    withdraw: bool = False,
) -> OneVersion:
    """Keep that we approve of a version, or no longer do."""
    found = workspace.registry.standing.approve(
        name, version, alias=alias, reason=reason, withdraw=withdraw
    )
    who = workspace.registry.history(name)[-1]
    does = "no longer approves" if withdraw else "approves"
    to_be = f" as {alias}" if alias else ""
    said = f"{who.by} ({who.by_source}) {does} of version {version} of {name}{to_be}."
    asked = alias or DEFAULT_ALIAS
    now = workspace.gates.approved(name, version, asked)
    notes = [shown.text(f"For {asked}: {now.detail}.", "dim")] if now else []
    return OneVersion(found, said, notes)


def approve_command(
    context: typer.Context,
    *,
    name: Annotated[str, typer.Argument(help="The model.", metavar="NAME")],
    version: Annotated[
        int | None,
        typer.Argument(
            help="The number of the version. Default: the latest.", metavar="[VERSION]"
        ),
    ] = None,
    alias: Annotated[
        str | None,
        typer.Option(help="Only for this alias. Default: for all.", metavar="ALIAS"),
    ] = None,
    reason: Annotated[
        str | None, typer.Option(help="Kept in the model's history.", metavar="TEXT")
    ] = None,
    withdraw: Annotated[
        bool, typer.Option("--withdraw", help="Take your approval back.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Approve of a version, in your own name.

    How many people must approve before an alias may move is said in gates.yaml.

    Example:
      jupyter mlops approve churn 3 --alias champion --reason "seen in the review"
    """
    session = session_of(context)
    workspace = session.workspace()
    if version is None:
        version = latest_of(workspace, name)
    found = approve(
        workspace, name, version, alias=alias, reason=reason, withdraw=withdraw
    )
    session.say(found, as_json=as_json)
