"""``push``: a run's model becomes the next version of a registered one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from jupyter_mlops.errors import InvalidInputError, NotFoundError
from jupyter_mlops.verbs import shown
from jupyter_mlops.verbs.card import carried_note
from jupyter_mlops.verbs.runs import list_runs
from jupyter_mlops.verbs.session import AsJson, session_of
from jupyter_mlops.verbs.versions import OneVersion

if TYPE_CHECKING:
    from jupyter_mlops.records import VersionRecord
    from jupyter_mlops.workspace import Workspace


def push(
    workspace: Workspace,
    source: str,
    name: str,
    *,
    artifact: str | None = None,
    note: str | None = None,
    loader: str | None = None,
    example: str | None = None,
    onnx: bool | None = None,
    allow_pickle: bool = False,
) -> OneVersion:
    """Make a run's model the next version of a registered one."""
    before = _notes(workspace, name)
    found = workspace.models.push(
        source,
        name,
        artifact=artifact,
        note=note,
        loader=loader,
        example=example,
        onnx=onnx,
        allow_pickle=allow_pickle,
    )
    about = f"{found.flavor}, {shown.size(found.size)}, from run {found.run_id}"
    said = f"{found.model} has version {found.version}: {about}."
    if found.version in before:
        said = (
            f"This very model of run {found.run_id} is version {found.version} of "
            f"{found.model} already; {_added(found, before[found.version])}."
        )
    return OneVersion(
        found,
        said,
        carried_note(found, workspace.cards.carried(found)),
    )


def _notes(workspace: Workspace, name: str) -> dict[int, str | None]:
    """Return the note of each version that a model has."""
    try:
        return {one.version: one.note for one in workspace.registry.versions(name)}
    except NotFoundError:
        return {}


def _added(found: VersionRecord, note: str | None) -> str:
    """Say what a second push did to a version that had this note."""
    if found.note == note:
        return "nothing was added"
    if found.note is None:
        return "its note was taken off"
    return "it has the new note, and the history keeps what was there before"


def _chosen(
    workspace: Workspace, source: str | None, best: str | None, experiment: str | None
) -> str:
    """Say which run is meant: the one that is named, the best one, or the last."""
    if best is None:
        if experiment is not None:
            raise InvalidInputError("-e says where --best looks; name a metric there.")
        return source or "last"
    if source is not None:
        raise InvalidInputError("Use --from or --best, not both.")
    found = list_runs(workspace, best=best, experiment=experiment, limit=1)
    return str(found.columns["run_id"][0])


def push_command(
    context: typer.Context,
    *,
    name: Annotated[
        str, typer.Argument(help="The model's name in the registry.", metavar="NAME")
    ],
    source: Annotated[
        str | None,
        typer.Option(
            "--from",
            help="A run, or runs:/<run id>/<artifact>. Default: last.",
            metavar="RUN",
        ),
    ] = None,
    best: Annotated[
        str | None,
        typer.Option(help="The run that is best by this metric.", metavar="METRIC"),
    ] = None,
    experiment: Annotated[
        str | None,
        typer.Option(
            "--experiment",
            "-e",
            help="With --best: only the runs of this experiment.",
            metavar="NAME",
        ),
    ] = None,
    artifact: Annotated[
        str | None,
        typer.Option(
            help="Which artifact. Default: the run's only model.", metavar="NAME"
        ),
    ] = None,
    note: Annotated[
        str | None,
        typer.Option(
            help="Kept with the version; a second push changes it.", metavar="TEXT"
        ),
    ] = None,
    loader: Annotated[
        str | None,
        typer.Option(
            help="What reads an artifact of bytes.", metavar="PACKAGE.MODULE:FUNCTION"
        ),
    ] = None,
    example: Annotated[
        str | None,
        typer.Option(
            help="Rows that it takes: an object of the run, or a file (parquet, csv, "
            "json, npy). They give its signature.",
            metavar="FILE|NAME",
        ),
    ] = None,
    onnx: Annotated[
        bool | None,
        typer.Option(
            "--onnx/--no-onnx",
            help="With ONNX beside a scikit-learn model, or without. Default: as the "
            "run has it.",
        ),
    ] = None,
    allow_pickle: Annotated[
        bool,
        typer.Option(
            "--allow-pickle",
            help="Register a pickle; the version is marked unsafe for ever.",
        ),
    ] = False,
    to: Annotated[
        str | None,
        typer.Option(
            help="Send what is registered: mlflow+http://HOST:PORT, or an fsspec URL.",
            metavar="URL",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Register a run's model as the next version, or send versions elsewhere.

    Example:
      jupyter mlops push churn --from last --note "all of 2025"
      jupyter mlops push churn --from runs:/01jd3k8v2m/model
      jupyter mlops push churn --best auc -e churn
      jupyter mlops push churn --example data/customers.csv --onnx
      jupyter mlops push models:/churn@champion --to mlflow+http://127.0.0.1:5000
      jupyter mlops push churn --to s3://team/models
    """
    session = session_of(context)
    workspace = session.workspace()
    if to is not None:
        from jupyter_mlops.verbs.publish import send

        given = (source, best, experiment, artifact, note, example)
        if any(given) or onnx is not None:
            raise InvalidInputError(
                "--to sends what is registered already; register a run's model first, "
                "without it."
            )
        word = workspace.models.word(allow_pickle=allow_pickle, loader=loader)
        session.say(send(workspace, name, to, word), as_json=as_json)
        return
    run = _chosen(workspace, source, best, experiment)
    found = push(
        workspace,
        run,
        name,
        artifact=artifact,
        note=note,
        loader=loader,
        example=example,
        onnx=onnx,
        allow_pickle=allow_pickle,
    )
    session.say(found, as_json=as_json)
