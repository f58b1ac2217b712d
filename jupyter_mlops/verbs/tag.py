"""``tag``: words about a run, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from jupyter_mlops.tracking.badges import check_own_tags
from jupyter_mlops.verbs.annotated import AnnotatedRun
from jupyter_mlops.verbs.session import AsJson, session_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jupyter_mlops.workspace import Workspace


def tag(
    workspace: Workspace,
    run: str,
    tags: Mapping[str, str],
    remove: Sequence[str] = (),
) -> AnnotatedRun:
    """Set tags of a run and take others off.

    Raises
    ------
    InvalidNameError
        When one is of our own, which verbs of ours set.
    """
    found = workspace.get_run(run)
    check_own_tags([*tags, *remove])
    if tags:
        found.set_tags(tags)
    if remove:
        found.remove_tags(remove)
    told = [f"{key}={word}" for key, word in tags.items()]
    told += [f"no {key}" for key in remove]
    said = f"Run {found.id} ({found.name}): {', '.join(told)}."
    return AnnotatedRun(workspace.get_run(found.id), said)


def tag_command(
    context: typer.Context,
    *,
    run: Annotated[
        str,
        typer.Argument(
            help="A run's id, the beginning of one, or 'last'.", metavar="RUN"
        ),
    ],
    pairs: Annotated[
        list[str] | None,
        typer.Argument(
            help="What to set.", metavar="[KEY=VALUE]...", show_default=False
        ),
    ] = None,
    remove: Annotated[
        list[str] | None,
        typer.Option("--remove", help="Take this tag off.", metavar="KEY"),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Set tags of a run, also after it has ended; filters find runs by them.

    Example:
      jupyter mlops tag last team=risk reviewed=yes
      jupyter mlops tag 01jd3k8v2m --remove reviewed
    """
    tags: dict[str, str] = {}
    for pair in pairs or ():
        key, is_pair, word = pair.partition("=")
        if not is_pair:
            raise typer.BadParameter(f"'{pair}' lacks a value: write '{key}=VALUE'.")
        tags[key] = word
    if not tags and not remove:
        raise typer.BadParameter("Say what to set, as in team=risk, or --remove KEY.")
    session = session_of(context)
    found = tag(session.workspace(), run, tags, remove or ())
    session.say(found, as_json=as_json)
