"""``models``: the registered models, and the versions of one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated

import typer

from jupyter_mlops.errors import InvalidInputError
from jupyter_mlops.verbs import shown
from jupyter_mlops.verbs.session import AsJson, session_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType
    from rich.table import Table

    from jupyter_mlops.records import ModelRecord, VersionRecord
    from jupyter_mlops.workspace import Workspace

_METRICS = 3
_STATES = {True: ("archived",), False: ()}


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
        rows = []
        for model in self.models:
            aliases = (f"{alias} → {to}" for alias, to in sorted(model.aliases.items()))
            latest = shown.ago(model.latest.registered) if model.latest else ""
            rows.append((model.name, str(model.versions), latest, ", ".join(aliases)))
        return _filled(table, rows, 60)


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
        rows = []
        for item in self.versions:
            metrics = list(item.metrics.items())[:_METRICS]
            cells = (
                str(item.version),
                ", ".join((*item.aliases, *_STATES[item.archived])),
                shown.ago(item.registered),
                item.by,
                short.get(item.run_id or "", ""),
                item.flavor,
                shown.size(item.size),
                ", ".join(f"{key} {shown.number(value)}" for key, value in metrics),
                item.note or "",
            )
            rows.append(cells)
        return _filled(table, rows, 40)


def _filled(table: Table, rows: Sequence[tuple[str, ...]], width: int) -> Table:
    """Fill a table with one tall row: rich takes 0.6 ms for each that it is given."""
    from rich.text import Text

    columns = zip(*rows, strict=True)
    lines = [[shown.one_line(cell, width) for cell in column] for column in columns]
    table.add_row(*(Text("\n".join(column)) for column in lines))
    return table


def list_models(
    workspace: Workspace, name: str | None = None, *, with_archived: bool = False
) -> ModelList | VersionList:
    """List the models, or the versions of one, the latest first."""
    if name is None:
        return ModelList(workspace.registry.models())
    found = workspace.registry.versions(name)[::-1]
    return VersionList([one for one in found if with_archived or not one.archived])


def models_command(
    context: typer.Context,
    *,
    name: Annotated[
        str | None,
        typer.Argument(help="List the versions of this model.", metavar="[NAME]"),
    ] = None,
    history: Annotated[
        bool, typer.Option("--history", help="Everything that happened to the model.")
    ] = False,
    with_archived: Annotated[
        bool, typer.Option("--all", help="Archived versions, too.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """List the registered models, the versions of one, or its history.

    Example:
      jupyter mlops models churn
      jupyter mlops models churn --history
    """
    session = session_of(context)
    workspace = session.workspace()
    if history:
        from jupyter_mlops.verbs.modelhistory import show_history

        if name is None:
            raise InvalidInputError("--history is that of one model: name it.")
        session.say(show_history(workspace, name), as_json=as_json)
        return
    found = list_models(workspace, name, with_archived=with_archived)
    session.say(found, as_json=as_json)
