"""Runs of notebooks gone on with: the same notebook from where it failed or changed."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from jupyter_mlops import errors
from jupyter_mlops.pipeline.sweeps.results import POINT_TAG
from jupyter_mlops.records import Kind, Status

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from jupyter_mlops.ids import RunId
    from jupyter_mlops.pipeline.checkpoints.attach import AttachedKernel
    from jupyter_mlops.pipeline.checkpoints.checkpointing import Checkpointing
    from jupyter_mlops.pipeline.checkpoints.keeping import Terms
    from jupyter_mlops.pipeline.checkpoints.plan import ResumePlan
    from jupyter_mlops.pipeline.execution import Progress
    from jupyter_mlops.settings import Settings
    from jupyter_mlops.tracking.recorded import RecordedRun
    from jupyter_mlops.workspace.workspace import Workspace

_MASK = "<masked:"


@dataclass(frozen=True, kw_only=True)
class ResumeOutcome:
    """What came of going on with a run.

    Attributes
    ----------
    run : RecordedRun
        The new run.
    origin : RunId
        The one that it went on from.
    restored : int
        Cells that were not run again.
    saved_seconds : float
        What those had taken.
    why : str
        Why all cells were run, if they were.
    """

    run: RecordedRun
    origin: RunId
    restored: int
    saved_seconds: float
    why: str = ""
    output: Path | None = field(default=None)


def checkpointing(
    workspace: Workspace,
    plan: ResumePlan | None = None,
    **invocation: Any,
) -> Checkpointing:
    """Say what a notebook's run does about copies of its process.

    Raises
    ------
    SettingError
        When the setting ``checkpoint_memory`` is no amount of memory.
    """
    from jupyter_mlops.pipeline.checkpoints.checkpointing import Checkpointing

    terms = terms_of(workspace.settings)
    told = {name: item for name, item in invocation.items() if item is not None}
    return Checkpointing(
        seconds=terms.seconds,
        budget=terms.budget,
        plan=plan,
        invocation={
            name: os.fspath(item) if isinstance(item, os.PathLike) else item
            for name, item in told.items()
        },
    )


def terms_of(settings: Settings) -> Terms:
    """Say on what terms copies of processes are held.

    Raises
    ------
    SettingError
        When the setting ``checkpoint_memory`` is no amount of memory.
    """
    from jupyter_mlops.pipeline.checkpoints.keeping import Terms
    from jupyter_mlops.workspace.stepplaces import memory_setting

    return Terms(
        seconds=settings.checkpoint_minutes * 60 if settings.checkpoints else 0.0,
        budget=memory_setting(settings, "checkpoint_memory"),
    )


def resume(
    workspace: Workspace,
    run: str,
    *,
    from_cell: str | None = None,
    parameters: Mapping[str, Any] | None = None,
    timeout: int | None = None,
    output: str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
) -> ResumeOutcome:
    """Go on with a notebook's run; see `Notebooks.resume`."""
    from jupyter_mlops.pipeline.runner import run_notebook

    origin = resumable(workspace, run)
    asked = _invocation(origin)
    given = _parameters(origin, asked, parameters or {})
    path = workspace.layout.project / str(origin.record.notebook)
    kernel = asked.get("kernel")
    plan = _plan(workspace, origin, path, given, from_cell, kernel=kernel)
    timeout = timeout or asked.get("timeout")
    output = output or asked.get("output")
    run_id = run_notebook(
        path,
        given,
        begin_run=workspace.notebooks.begin,
        blobs=workspace.store.blobs,
        output=output,
        name=origin.record.name,
        experiment=origin.record.experiment,
        kernel=kernel,
        timeout=timeout,
        progress=progress,
        engine=workspace.settings.engine,
        checkpoints=checkpointing(
            workspace, plan, timeout=timeout, output=output, kernel=kernel
        ),
    )
    return outcome_of(workspace.get_run(run_id), output)


def outcome_of(
    run: RecordedRun, output: str | os.PathLike[str] | None = None
) -> ResumeOutcome:
    """Read from a run what was restored in it."""
    from pathlib import Path

    from jupyter_mlops.ids import RunId
    from jupyter_mlops.tracking.resumed import Resumed, read_resumed

    told = read_resumed(run.observations) or Resumed(origin="", restored=0)
    return ResumeOutcome(
        run=run,
        origin=RunId(told.origin),
        restored=told.restored,
        saved_seconds=sum(cell.seconds for cell in run.cells[: told.restored]),
        why=told.why,
        output=Path(output) if output else None,
    )


def attach(workspace: Workspace, run: str) -> AttachedKernel:
    """Open the state that a run failed in; see `Notebooks.attach`."""
    from jupyter_mlops.pipeline.checkpoints.attach import open_kernel

    found = workspace.get_run(run)
    if found.record.kind not in (Kind.NOTEBOOK, Kind.STEP):
        raise _no_notebook(found, "attached to")
    return open_kernel(
        found.id,
        notebook=str(found.record.notebook or ""),
        seconds=workspace.settings.checkpoint_minutes * 60,
    )


def resumable(workspace: Workspace, run: str) -> RecordedRun:
    """Return a run that can be gone on with.

    Raises
    ------
    InvalidInputError
        When it is no notebook's run, or goes on.
    """
    found = workspace.get_run(run)
    if found.record.kind is not Kind.NOTEBOOK or not found.record.notebook:
        raise _no_notebook(found, "resumed")
    if POINT_TAG in found.tags:
        raise errors.InvalidInputError(
            f"Run {found.id} is a point of a sweep, which goes on as a whole: give the "
            f"sweep's command once more with --missing, 'jupyter mlops sweep "
            f"{found.record.notebook} … --missing', and points that did not finish "
            f"run.",
            run_id=found.id,
        )
    if found.status is Status.RUNNING:
        raise errors.InvalidInputError(
            f"Run {found.id} is still running. Wait for its end, or interrupt it.",
            run_id=found.id,
        )
    return found


def _no_notebook(run: RecordedRun, done: str) -> errors.InvalidInputError:
    return errors.InvalidInputError(
        f"Run {run.id} is a {run.record.kind}, and only notebooks that 'jupyter mlops "
        f"run' ran can be {done}.",
        run_id=run.id,
    )


def _invocation(origin: RecordedRun) -> dict[str, Any]:
    from jupyter_mlops.pipeline.checkpoints.checkpointing import INVOCATION

    told = origin.observations.get(INVOCATION)
    return dict(told) if isinstance(told, dict) else {}


def _parameters(
    origin: RecordedRun, asked: Mapping[str, Any], further: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the run's parameters with new ones over them."""
    given = {**(asked.get("parameters") or {}), **further}
    check_secrets_given(origin, {n: i for n, i in given.items() if n not in further})
    return given


def check_secrets_given(origin: RecordedRun, kept: Mapping[str, Any]) -> None:
    """Check that values kept with a run, which serve once more, are no masked ones.

    Raises
    ------
    InvalidParameterError
        Names those that must be given.
    """
    hidden = [n for n, item in kept.items() if isinstance(item, str) and _MASK in item]
    if hidden:
        raise errors.InvalidParameterError(
            f"What is secret was not kept with run {origin.id}. Give it once more: "
            + " ".join(f"-p {name} VALUE" for name in hidden),
            parameter=hidden[0],
            run_id=origin.id,
        )


def _plan(
    workspace: Workspace,
    origin: RecordedRun,
    path: Path,
    given: Mapping[str, Any],
    from_cell: str | None,
    *,
    kernel: str | None,
) -> ResumePlan:
    from jupyter_mlops.pipeline.checkpoints.keeping import held_copies
    from jupyter_mlops.pipeline.checkpoints.plan import (
        good_cells,
        plan_from,
        position_of,
    )
    from jupyter_mlops.pipeline.executors import kernel_of
    from jupyter_mlops.pipeline.source_notebook import SourceNotebook
    from jupyter_mlops.pipeline.sweeps.filled import as_it_runs

    source = SourceNotebook.read(path)
    notebook = as_it_runs(source, given, kernel or kernel_of(source.node))
    limit = good_cells(origin.cells)
    if from_cell is not None:
        limit = min(limit, position_of(notebook, from_cell))
    held = []
    with suppress(OSError):
        held = held_copies(origin.id)
    return plan_from(
        notebook,
        run=origin.id,
        cells=origin.cells,
        held=held,
        limit=limit,
        blobs=workspace.store.blobs,
        journals=workspace.layout.journal_folder(origin.id),
    )


def is_held(run_id: str) -> bool:
    """Tell whether a state of a run is held in memory, as far as can be seen."""
    from jupyter_mlops.ids import RunId
    from jupyter_mlops.pipeline.checkpoints.keeping import held_copies

    with suppress(OSError):
        return bool(held_copies(RunId(run_id)))
    return False
