"""Sweeps gone on with: asked for as before, for the points that they left."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_mlops import errors
from jupyter_mlops.kinds import Kind, Status
from jupyter_mlops.pipeline.sweeps.heldcells import HeldCells
from jupyter_mlops.pipeline.sweeps.results import OBSERVATION, POINT_TAG, SHARED
from jupyter_mlops.store import events
from jupyter_mlops.workspace.resuming import check_secrets_given, terms_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jupyter_mlops.pipeline.sweeps.plan import SweepPlan
    from jupyter_mlops.pipeline.sweeps.results import SweepResult
    from jupyter_mlops.pipeline.sweeps.schedule import SweepProgress
    from jupyter_mlops.settings import Settings
    from jupyter_mlops.tracking.recorded import RecordedRun
    from jupyter_mlops.workspace.workspace import Workspace

INVOCATION = "invocation"
"""Says of a sweep how it was asked for, beside what it says of its points."""
_MOST_EARLIER = 10
"""Runs of shared cells that are looked at for a copy."""


def invocation(plan: SweepPlan, **options: Any) -> dict[str, Any]:
    """Return what a sweep's run must keep to be asked for once more."""
    told = {
        "parameters": plan.shown,
        "output": None if plan.output is None else os.fspath(plan.output),
        **options,
    }
    return {name: item for name, item in told.items() if item}


def held_cells(settings: Settings, earlier: Iterable[RecordedRun]) -> HeldCells:
    """Say what a sweep does about the copy behind its shared cells.

    Parameters
    ----------
    earlier : iterable of RecordedRun
        The sweeps whose copies it may go on from, the latest first.

    Raises
    ------
    SettingError
        When the setting ``checkpoint_memory`` is no amount of memory.
    """
    shared = [
        child
        for sweep in earlier
        for child in sweep.children
        if child.tags.get(POINT_TAG) == SHARED and child.status is not Status.RUNNING
    ]
    return HeldCells(terms=terms_of(settings), earlier=shared[:_MOST_EARLIER])


def sweep_of_run(workspace: Workspace, run: str) -> RecordedRun | None:
    """Find the sweep that a run is, or is a part of; None when it can be no other's.

    Parameters
    ----------
    run : str
        An id, the beginning of one, or ``last``.
    """
    found = workspace.get_run(run)
    if POINT_TAG in found.tags and found.record.parent_id:
        found = workspace.get_run(found.record.parent_id)
    is_sweep = found.record.kind is Kind.PARENT and INVOCATION in found.observations
    return found if is_sweep and OBSERVATION in found.observations else None


def has_left_points(sweep: RecordedRun) -> bool:
    """Tell whether a sweep has ended badly, and can be asked for again."""
    ended_badly = (Status.FAILED, Status.CANCELLED, Status.LOST)
    return sweep.status in ended_badly and INVOCATION in sweep.observations


def resume_sweep(
    workspace: Workspace,
    run: str,
    parameters: Mapping[str, Any] | None = None,
    *,
    timeout: int | None = None,
    output: str | os.PathLike[str] | None = None,
    progress: SweepProgress | None = None,
) -> SweepResult:
    """Run the points that a sweep has left, as a sweep that names it.

    Points that have finished stand, if the code is the same. The others begin behind
    the cells that all share, if a copy of their process is held, and neither these
    cells nor the modules that they import have changed since.

    Parameters
    ----------
    run : str
        The id of the sweep's run or of one within it, the beginning of one, or
        ``last``.
    parameters : mapping, optional
        Values that all points share, over those of the run.
    timeout, output : optional
        As `Sweeps.run` takes them; as before.

    Raises
    ------
    InvalidInputError
        When it is none, still goes on, or cannot be asked for again.
    InvalidParameterError
        When a secret value must be given once more.
    """
    origin = checked_sweep(workspace, run, parameters or {})
    asked = dict(origin.observations[INVOCATION])  # type: ignore[arg-type]
    told: Any = origin.observations[OBSERVATION]
    kept = {**events.from_json(asked.pop("parameters", {})), **(parameters or {})}  # type: ignore[dict-item]
    further = {"timeout": timeout, "output": output}
    asked |= {name: item for name, item in further.items() if item}
    space = events.from_json(told["space"])
    is_grid = told["kind"] == "grid"
    return workspace.sweeps.run(
        workspace.layout.project / str(origin.record.notebook),
        kept,
        **{"grid" if is_grid else "over": space},  # type: ignore[arg-type]
        **({} if is_grid else {told["kind"]: told["count"]}),
        metric=told.get("metric"),
        goal=told.get("goal"),
        seed=told.get("seed"),
        origin=origin,
        progress=progress,
        **asked,
    )


def checked_sweep(
    workspace: Workspace, run: str, parameters: Mapping[str, Any]
) -> RecordedRun:
    """Check that a sweep can be gone on with; nothing starts.

    Parameters and errors are those of `resume_sweep`.
    """
    origin = sweep_of_run(workspace, run)
    if origin is None:
        raise errors.InvalidInputError(
            f"Run {run} is none of a sweep that can be gone on with. Give the sweep's "
            f"command once more with --missing: points that did not finish run.",
            run_id=run,
        )
    if origin.status is Status.RUNNING:
        raise errors.InvalidInputError(
            f"Sweep {origin.id} is still running. Wait for its end, or interrupt it.",
            run_id=origin.id,
        )
    told: Any = origin.observations[INVOCATION]
    kept = told.get("parameters", {})
    check_secrets_given(origin, {n: v for n, v in kept.items() if n not in parameters})
    path = workspace.layout.project / str(origin.record.notebook)
    if not Path(path).is_file():
        raise errors.NotebookNotFoundError(
            f"The notebook of sweep {origin.id}, {origin.record.notebook}, is gone.",
            path=str(path),
        )
    return origin
