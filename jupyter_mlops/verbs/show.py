"""``show``: everything of one run, one of its cells, or one of its artifacts."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jupyter_mlops.errors import InvalidInputError
from jupyter_mlops.verbs.session import AsJson, session_of

if TYPE_CHECKING:
    from rich.console import RenderableType

    from jupyter_mlops.records import CellRecord
    from jupyter_mlops.store.blobs import Blobs
    from jupyter_mlops.tracking.recorded import RecordedRun
    from jupyter_mlops.tracking.stamps import RunStamp
    from jupyter_mlops.workspace import Workspace


@dataclass(frozen=True)
class RunDetails:
    """One run."""

    run: RecordedRun
    project: Path
    exit_code: int = field(default=0, init=False)

    def to_json(self) -> dict[str, Any]:
        """Return its record and all that belongs to it."""
        from jupyter_mlops.pipeline.sweeps.recorded import sweep_of
        from jupyter_mlops.tracking.modelwords import models_of
        from jupyter_mlops.tracking.resumed import read_resumed
        from jupyter_mlops.tracking.stamps import read_stamp
        from jupyter_mlops.verbs.plain import plain

        resumed = read_resumed(self.run.observations)
        return {
            **plain(self.run.record),
            "seconds": self.run.record.seconds,
            "stamp": read_stamp(self.run, self.project).to_json(),
            "models": models_of(self.run),
            "cells": self.run.cells,
            "artifacts": list(self.run.artifacts.values()),
            "files": self.run.files,
            "children": [child.record for child in self.run.children],
            **({"sweep": sweep.to_json()} if (sweep := sweep_of(self.run)) else {}),
            **({"resumed": resumed.to_json()} if resumed else {}),
        }

    def render(self) -> RenderableType:
        """Return it on one screen."""
        from jupyter_mlops.verbs.details import render_run

        return render_run(self.run, self.project)


@dataclass(frozen=True)
class StampDetails:
    """A run's stamp, and the reasons for it."""

    stamp: RunStamp
    exit_code: int = field(default=0, init=False)

    def to_json(self) -> dict[str, Any]:
        """Return the line, the words and the reasons by kind."""
        return self.stamp.to_json()

    def render(self) -> RenderableType:
        """Return the line, and each reason in a line below."""
        from rich.console import Group

        from jupyter_mlops.verbs import shown

        line = self.stamp.line or "There is nothing to say of how this run came about."
        reasons = [shown.text(f"  {reason}", "dim") for reason in self.stamp.reasons]
        return Group(shown.text(line), *reasons)


@dataclass(frozen=True)
class CellDetails:
    """One cell of a run, with its outputs whole."""

    cell: CellRecord
    blobs: Blobs
    exit_code: int = field(default=0, init=False)

    def to_json(self) -> dict[str, Any]:
        """Return the cell; long outputs are fetched."""
        from jupyter_mlops.capture.outputs import internalise
        from jupyter_mlops.verbs.plain import plain

        outputs = internalise(self.cell.outputs, self.blobs.get_bytes)  # type: ignore[arg-type]  # digests, read from records
        return {**plain(self.cell), "outputs": outputs}

    def render(self) -> RenderableType:
        """Return its source and what it showed, as text."""
        from jupyter_mlops.verbs.details import render_cell

        return render_cell(self.cell, self.to_json()["outputs"])


@dataclass(frozen=True)
class SavedArtifact:
    """Where an artifact was saved."""

    name: str
    path: Path
    size: int
    exit_code: int = field(default=0, init=False)

    def to_json(self) -> dict[str, Any]:
        """Return name, path and size."""
        return {"name": self.name, "path": self.path, "size": self.size}

    def render(self) -> RenderableType:
        """Return one line."""
        from jupyter_mlops.verbs import shown

        line = f"Saved '{self.name}' to {self.path} ({shown.size(self.size)})."
        return shown.text(line)


def show_run(workspace: Workspace, run: str) -> RunDetails:
    """Look at a run: an id, a prefix of one, or ``last``."""
    return RunDetails(workspace.get_run(run), workspace.layout.project)


def show_stamp(workspace: Workspace, run: str) -> StampDetails:
    """Look at how a run came about, and at the reasons."""
    from jupyter_mlops.tracking.stamps import read_stamp

    return StampDetails(read_stamp(workspace.get_run(run), workspace.layout.project))


def show_cell(workspace: Workspace, run: str, position: int) -> CellDetails:
    """Look at one cell of a run.

    Raises
    ------
    InvalidInputError
        When the run has no such cell.
    """
    found = workspace.get_run(run)
    for cell in found.cells:
        if cell.position == position:
            return CellDetails(cell, workspace.store.blobs)
    have = f"has the cells 0 to {len(found.cells) - 1}" if found.cells else "has none"
    raise InvalidInputError(
        f"Run {found.id} {have}, no cell {position}.",
        run_id=found.id,
        position=position,
    )


def save_artifact(
    workspace: Workspace, run: str, name: str, output: Path | None = None
) -> SavedArtifact:
    """Save a run's artifact; without `output` under its own name, here.

    Raises
    ------
    ArtifactNotFoundError
        When the run keeps none of this name.
    InvalidInputError
        When something is at the place already.
    """
    found = workspace.get_run(run)
    record = found.artifact_record(name)
    own_name = Path(record.meta.get("file") or name).name
    target = output or Path(own_name)
    if target.is_dir() and not record.is_folder:
        target /= own_name
    if target.exists():
        raise InvalidInputError(
            f"There is something at {target} already. Name another place with '-o'.",
            path=target,
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    return SavedArtifact(name, found.save_artifact(name, target), record.size)


def show_command(
    context: typer.Context,
    *,
    run: Annotated[
        str,
        typer.Argument(
            help="A run's id, the beginning of one, or 'last'; or a version, as in "
            "models:/churn/3.",
            metavar="RUN",
        ),
    ],
    cell: Annotated[
        int | None,
        typer.Option(help="Source and text outputs of this cell.", metavar="N", min=0),
    ] = None,
    artifact: Annotated[
        str | None, typer.Option(help="Save this artifact.", metavar="NAME")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", help="Where to save the artifact.", metavar="PATH"
        ),
    ] = None,
    why: Annotated[
        bool, typer.Option("--why", help="The reasons for the run's stamp.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show everything of a run, one of its cells, or of a version; save an artifact.

    Example:
      jupyter mlops show last
      jupyter mlops show models:/churn@champion
      jupyter mlops show 01jd3k8v2m --cell 4
      jupyter mlops show 01jd3k8v2m --artifact model -o model/
    """
    session = session_of(context)
    if cell is not None and artifact is not None:
        raise typer.BadParameter("Give either --cell or --artifact, not both.")
    if output is not None and artifact is None:
        raise typer.BadParameter("-o says where to save an artifact: give --artifact.")
    workspace = session.workspace()
    if run.startswith("models:/"):
        from jupyter_mlops.verbs.versiondetails import show_version

        if cell is not None or artifact is not None or why:
            raise InvalidInputError("A version is shown whole: give no option.")
        session.say(show_version(workspace, run), as_json=as_json)
    elif cell is not None:
        session.say(show_cell(workspace, run, cell), as_json=as_json)
    elif why:
        session.say(show_stamp(workspace, run), as_json=as_json)
    elif artifact is not None:
        session.say(save_artifact(workspace, run, artifact, output), as_json=as_json)
    else:
        session.say(show_run(workspace, run), as_json=as_json)
