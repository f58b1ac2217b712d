"""Pipelines' runs gone on with: asked for as before, and what is known stays."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from jupyter_mlops import errors
from jupyter_mlops.capture.knownsecrets import MASK
from jupyter_mlops.pipeline.parameters import RawText
from jupyter_mlops.pipeline.steps.secrets import secret_values
from jupyter_mlops.records import Kind, Status
from jupyter_mlops.workspace.resuming import check_secrets_given

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jupyter_mlops.pipeline.spec.pipeline import Pipeline
    from jupyter_mlops.tracking.recorded import RecordedRun
    from jupyter_mlops.workspace.pipelines import PipelineOutcome
    from jupyter_mlops.workspace.workspace import Workspace

ASKED = "asked"
"""Says of a pipeline's run how it was asked for."""


def asked(
    workspace: Workspace,
    pipeline: Pipeline,
    parameters: Mapping[str, Any] | None,
    overrides: Mapping[str, Mapping[str, Any]],
    **options: Any,
) -> dict[str, Any]:
    """Return what a pipeline's run must keep to be asked for once more.

    Parameters
    ----------
    parameters : mapping
        As given; values that are secret are not kept.
    overrides : mapping
        Those of steps, by step and name.
    """
    parameters = parameters or {}
    secret = secret_values(pipeline, overrides)
    project = workspace.layout.project
    file = pipeline.file
    return {
        "file": os.path.relpath(file, project) if file is not None else None,
        "parameters": {
            name: MASK if name in secret else value
            for name, value in parameters.items()
        },
        "typed": [n for n, item in parameters.items() if isinstance(item, RawText)],
        "options": {name: item for name, item in options.items() if item},
    }


def pipeline_of(workspace: Workspace, run: str) -> tuple[RecordedRun, str] | None:
    """Find the pipeline's run that a run is, or is a step of, and the step's name.

    Returns
    -------
    tuple or None
        None when the run is no pipeline's.
    """
    found = workspace.get_run(run)
    step = ""
    if found.record.kind is Kind.STEP and found.record.parent_id:
        step = found.record.name
        found = workspace.get_run(found.record.parent_id)
    is_pipeline = found.record.kind is Kind.PARENT and ASKED in found.observations
    return (found, step) if is_pipeline else None


def resume_pipeline(
    workspace: Workspace,
    run: str,
    parameters: Mapping[str, Any] | None = None,
    **options: Any,
) -> PipelineOutcome:
    """Run what a pipeline's run has left to do; of a step's run, up to that step.

    Steps whose versions are known are cached; those that failed run from their first
    cell.

    Parameters
    ----------
    run : str
        The id of the pipeline's run or of a step's, the beginning of one, or ``last``.
    parameters : mapping, optional
        Over those of the run; of a step's run a name alone is that step's.
    **options
        Further ones of `Pipelines.run`: ``progress``.

    Raises
    ------
    InvalidInputError
        When it is none, still goes on, or cannot be asked for again.
    """
    found = pipeline_of(workspace, run)
    if found is None:
        raise errors.InvalidInputError(
            f"Run {run} is none of a pipeline that can be gone on with. Run the "
            f"pipeline once more: 'jupyter mlops run'.",
            run_id=run,
        )
    origin, step = found
    told: Any = origin.observations[ASKED]
    before = dict(told["options"])
    _check(origin, told, before)
    if step:
        before = {**before, "until": step, "only": None}
    further = {
        name if not step or "." in name else f"{step}.{name}": item
        for name, item in (parameters or {}).items()
    }
    kept = {n: item for n, item in _values(told).items() if n not in further}
    check_secrets_given(origin, kept)
    source = workspace.layout.project / str(told["file"])
    return workspace.pipelines.run(source, {**kept, **further}, **before, **options)


def _check(origin: RecordedRun, told: Any, options: Mapping[str, Any]) -> None:
    why = ""
    if origin.status is Status.RUNNING:
        why = "is still running. Wait for its end, or interrupt it"
    elif told["file"] is None:
        why = "was started by a program, not from a file. Start that program again"
    elif options.get("on"):
        why = f"ran on {options['on']}. Say so again: 'jupyter mlops run … --on'"
    if why:
        raise errors.InvalidInputError(
            f"The pipeline's run {origin.id} {why}; steps that are known stay cached.",
            run_id=origin.id,
        )


def _values(told: Any) -> dict[str, Any]:
    typed = set(told["typed"])
    return {
        name: RawText(item) if name in typed else item
        for name, item in told["parameters"].items()
    }
