"""``push``, ``models`` and ``promote``: the model registry."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated

import typer

from jupyter_mlops.errors import InvalidInputError
from jupyter_mlops.verbs import shown
from jupyter_mlops.verbs.runs import list_runs
from jupyter_mlops.verbs.session import AsJson, session_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType

    from jupyter_mlops.records import ModelRecord, VersionRecord
    from jupyter_mlops.workspace import Workspace

DEFAULT_ALIAS = "champion"
_METRICS = 3


@dataclass(frozen=True)
class OneVersion:
    """A version, and what has just been done with it."""

    version: VersionRecord
    said: str
    exit_code: int = field(default=0, init=False)

    def to_json(self) -> VersionRecord:
        """Return the version."""
        return self.version

    def render(self) -> RenderableType:
        """Return one line."""
        return shown.text(self.said)


@dataclass(frozen=True)
class ModelList:
    """The registered models."""

    models: Sequence[ModelRecord]
    exit_code: int = field(default=0, init=False)

    def to_json(self) -> list[ModelRecord]:
        """Return one object a model."""
        return list(self.models)

    def render(self) -> RenderableType:
        """Return a table."""
        if not self.models:
            return shown.text(
                "No models. Push one with 'jupyter mlops push NAME --from RUN'."
            )
        table = shown.make_table(
            "model", "versions", "latest", "aliases", right=["versions"]
        )
        for model in self.models:
            aliases = (f"{alias} → {to}" for alias, to in sorted(model.aliases.items()))
            latest = shown.ago(model.latest.registered) if model.latest else ""
            cells = (model.name, str(model.versions), latest, ", ".join(aliases))
            table.add_row(*(shown.text(cell, width=60) for cell in cells))
        return table


@dataclass(frozen=True)
class VersionList:
    """The versions of one model, the latest first."""

    versions: Sequence[VersionRecord]
    exit_code: int = field(default=0, init=False)

    def to_json(self) -> list[VersionRecord]:
        """Return one object a version."""
        return list(self.versions)

    def render(self) -> RenderableType:
        """Return a table."""
        table = shown.make_table(
            "version", "aliases", "registered", "by", "run", "flavor", "size",
            "metrics", "note", right=["version", "size"],
        )  # fmt: skip
        short = shown.short_ids(item.run_id for item in self.versions if item.run_id)
        for item in self.versions:
            metrics = list(item.metrics.items())[:_METRICS]
            cells = (
                str(item.version),
                ", ".join(item.aliases),
                shown.ago(item.registered),
                item.by,
                short.get(item.run_id or "", ""),
                item.flavor,
                shown.size(item.size),
                ", ".join(f"{key} {shown.number(value)}" for key, value in metrics),
                item.note or "",
            )
            table.add_row(*(shown.text(cell, width=40) for cell in cells))
        return table


def push(
    workspace: Workspace,
    source: str,
    name: str,
    *,
    artifact: str | None = None,
    note: str | None = None,
    loader: str | None = None,
) -> OneVersion:
    """Make a run's model the next version of a registered one."""
    found = workspace.models.push(
        source, name, artifact=artifact, note=note, loader=loader
    )
    return OneVersion(
        found,
        f"{found.model} has version {found.version}: {found.flavor}, "
        f"{shown.size(found.size)}, from run {found.run_id}.",
    )


def list_models(
    workspace: Workspace, name: str | None = None
) -> ModelList | VersionList:
    """List the models, or the versions of one, the latest first."""
    if name is None:
        return ModelList(workspace.registry.models())
    return VersionList(workspace.registry.versions(name)[::-1])


def promote(
    workspace: Workspace,
    name: str,
    version: int,
    *,
    alias: str = DEFAULT_ALIAS,
    reason: str | None = None,
) -> OneVersion:
    """Point an alias at a version."""
    found = workspace.registry.promote(name, version, alias, reason=reason)
    return OneVersion(found, f"{name}@{alias} is now version {found.version}.")


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
        str | None, typer.Option(help="Kept with the version.", metavar="TEXT")
    ] = None,
    loader: Annotated[
        str | None,
        typer.Option(
            help="What reads an artifact of bytes.", metavar="PACKAGE.MODULE:FUNCTION"
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Register a run's model as the next version.

    Example:
      jupyter mlops push churn --from last --note "all of 2025"
      jupyter mlops push churn --from runs:/01jd3k8v2m/model
      jupyter mlops push churn --best auc -e churn
    """
    session = session_of(context)
    workspace = session.workspace()
    run = _chosen(workspace, source, best, experiment)
    found = push(workspace, run, name, artifact=artifact, note=note, loader=loader)
    session.say(found, as_json=as_json)


def models_command(
    context: typer.Context,
    *,
    name: Annotated[
        str | None,
        typer.Argument(help="List the versions of this model.", metavar="[NAME]"),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List the registered models, or the versions of one.

    Example:
      jupyter mlops models churn
    """
    session = session_of(context)
    session.say(list_models(session.workspace(), name), as_json=as_json)


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
    as_json: AsJson = False,
) -> None:
    """Point an alias at a version, 'champion' unless another is named.

    Example:
      jupyter mlops promote churn 3
      jupyter mlops promote churn 2 --alias shadow --reason "to compare"
    """
    session = session_of(context)
    workspace = session.workspace()
    if version is None:
        version = workspace.registry.versions(name)[-1].version
    found = promote(workspace, name, version, alias=alias, reason=reason)
    session.say(found, as_json=as_json)
