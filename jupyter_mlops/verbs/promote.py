"""``promote``: an alias moves to a version, if the gates let it pass."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from jupyter_mlops.errors import InvalidInputError, PromotionRefusedError
from jupyter_mlops.verbs.card import carried_note
from jupyter_mlops.verbs.gateanswers import Promoted
from jupyter_mlops.verbs.session import AsJson, make_console, session_of
from jupyter_mlops.verbs.versions import OneVersion, latest_of

if TYPE_CHECKING:
    from jupyter_mlops.workspace import Workspace

DEFAULT_ALIAS = "champion"


def promote(
    workspace: Workspace,
    name: str,
    version: int,
    *,
    alias: str = DEFAULT_ALIAS,
    **options: Any,
) -> Promoted:
    """Point an alias at a version; `options` are those of `Models.promote`."""
    try:
        found = workspace.models.promote(name, version, alias, **options)
    except PromotionRefusedError as error:
        return Promoted(
            workspace.registry.version(name, version),
            alias,
            error.answers,
            refusal=str(error),
        )
    assert found.record is not None, "it was not refused"
    return Promoted(
        found.record,
        alias,
        found.answers,
        is_forced=bool(found.is_forced and found.failed),
        was=found.was,
        notes=carried_note(found.record, workspace.cards.carried(found.record)),
    )


def take_alias_away(workspace: Workspace, name: str, alias: str) -> OneVersion:
    """Remove an alias; the version that it pointed to stays."""
    found = workspace.registry.by_alias(name, alias)
    workspace.registry.remove_alias(name, alias)
    now = workspace.registry.version(name, found.version)
    return OneVersion(now, f"Version {now.version} of {name} is no longer {alias}.")


def promote_command(
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
        str, typer.Option(help="Which alias to move.", metavar="ALIAS")
    ] = DEFAULT_ALIAS,
    reason: Annotated[
        str | None, typer.Option(help="Kept in the model's history.", metavar="TEXT")
    ] = None,
    approver: Annotated[
        str | None,
        typer.Option(
            "--approve-by",
            help="Who approves of it; kept as entered by you.",
            metavar="PERSON",
        ),
    ] = None,
    force: Annotated[
        bool,
        typer.Option(
            "--force", help="Though a gate says no; needs a reason, is kept for ever."
        ),
    ] = False,
    remove: Annotated[
        bool, typer.Option("--remove", help="Take the alias away instead.")
    ] = False,
    allow_pickle: Annotated[
        bool,
        typer.Option(
            "--allow-pickle", help="Gates that load the model may unpickle it."
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Point an alias at a version, 'champion' unless another is named.

    The gates of gates.yaml are asked first; what they said is kept in the model's
    history, also when the alias is not moved. The exit code is 1 then.

    Example:
      jupyter mlops promote churn 3
      jupyter mlops promote churn 2 --alias shadow --reason "to compare"
      jupyter mlops promote churn 3 --approve-by ann --reason "seen in the review"
    """
    from jupyter_mlops.verbs.progress import progress_bar

    session = session_of(context)
    workspace = session.workspace()
    if remove:
        if version is not None or force or approver is not None:
            raise InvalidInputError("--remove takes an alias away: name no version.")
        session.say(take_alias_away(workspace, name, alias), as_json=as_json)
        return
    with progress_bar(make_console(stderr=True)) as progress:
        found = promote(
            workspace,
            name,
            latest_of(workspace, name) if version is None else version,
            alias=alias,
            reason=reason,
            approver=approver,
            force=force,
            progress=progress,
            word=workspace.models.word(allow_pickle=allow_pickle),
        )
    session.say(found, as_json=as_json)
