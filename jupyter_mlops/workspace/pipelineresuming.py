"""Pipelines' runs gone on with: asked for as before, and what is known stays."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jupyter_mlops import errors
from jupyter_mlops.capture.knownsecrets import MASK
from jupyter_mlops.kinds import Kind, Status
from jupyter_mlops.pipeline.parameters import RawText
from jupyter_mlops.pipeline.steps.secrets import secret_values
from jupyter_mlops.pipeline.sweeps.results import POINT_TAG

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from jupyter_mlops.pipeline.spec.pipeline import Pipeline
    from jupyter_mlops.tracking.recorded import RecordedRun
    from jupyter_mlops.workspace.pipelines import PipelineOutcome
    from jupyter_mlops.workspace.stepcopies import StepCopying
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
    return _pipeline_of(workspace, workspace.get_run(run))


def _pipeline_of(
    workspace: Workspace, found: RecordedRun
) -> tuple[RecordedRun, str] | None:
    step = ""
    if POINT_TAG in found.tags and found.record.parent_id:
        # Of a step's sweep: the step is what can be gone on with.
        found = workspace.get_run(found.record.parent_id)
    if found.record.kind is Kind.STEP and found.record.parent_id:
        step = found.record.name
        found = workspace.get_run(found.record.parent_id)
    is_pipeline = found.record.kind is Kind.PARENT and ASKED in found.observations
    return (found, step) if is_pipeline else None


def file_of(workspace: Workspace, run: RecordedRun) -> str | None:
    """Return the file of the pipeline that a run is of, from the project's folder."""
    found = _pipeline_of(workspace, run)
    told: Any = found[0].observations[ASKED] if found is not None else {}
    file: str | None = told.get("file")
    return file


def resume_pipeline(
    workspace: Workspace,
    run: str,
    parameters: Mapping[str, Any] | None = None,
    *,
    from_cell: str | None = None,
    **options: Any,
) -> PipelineOutcome:
    """Run what a pipeline's run has left to do; of a step's run, up to that step.

    Steps whose versions are known are cached. Those that failed go on from the cell
    where they did, if a copy of their process is held and all that it had met is as it
    was; their runs say why not.

    Parameters
    ----------
    run : str
        The id of the pipeline's run or of a step's, the beginning of one, or ``last``.
    parameters : mapping, optional
        Over those of the run; of a step's run a name alone is that step's.
    from_cell : str, optional
        Of a step's run: run this cell and all after it; its id, or its position.
    **options
        Further ones of `Pipelines.run`: ``progress``.

    Raises
    ------
    InvalidInputError
        When it is none, still goes on, or cannot be asked for again.
    """
    return asked_again(workspace, run, parameters, from_cell=from_cell).run(**options)


def asked_again(
    workspace: Workspace,
    run: str,
    parameters: Mapping[str, Any] | None = None,
    *,
    from_cell: str | None = None,
) -> AskedAgain:
    """Check that a pipeline's run can be gone on with; nothing starts.

    Parameters and errors are those of `resume_pipeline`.
    """
    # Here: a cached pipeline needs neither.
    from jupyter_mlops.workspace.resuming import check_secrets_given
    from jupyter_mlops.workspace.stepcopies import StepCopying, origins_of

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
    if from_cell is not None:
        _check_cell(workspace.pipelines.read(source), origin, step, from_cell)
    return AskedAgain(
        workspace=workspace,
        file=source,
        parameters={**kept, **further},
        options=before,
        copying=StepCopying(
            workspace,
            origins_of(origin),
            {step: from_cell} if from_cell is not None else {},
        ),
    )


@dataclass(frozen=True, kw_only=True)
class AskedAgain:
    """What a pipeline's run is asked for once more.

    Attributes
    ----------
    file : Path
        The pipeline's.
    options : dict
        Of `Pipelines.run`.
    copying : StepCopying
        Knows the runs of steps that have failed.
    """

    workspace: Workspace
    file: Path
    parameters: dict[str, Any]
    options: dict[str, Any]
    copying: StepCopying

    def run(self, **options: Any) -> PipelineOutcome:
        """Run what is left; `options` come over those that it had."""
        return self.workspace.pipelines.run(
            self.file,
            self.parameters,
            **{**self.options, "copying": self.copying, **options},
        )


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


def _check_cell(
    pipeline: Pipeline, origin: RecordedRun, step: str, from_cell: str
) -> None:
    from jupyter_mlops.pipeline.checkpoints.plan import position_of
    from jupyter_mlops.pipeline.source_notebook import SourceNotebook

    if not step:
        raise errors.InvalidInputError(
            f"Run {origin.id} is a pipeline's, and a cell is a step's. Name the run of "
            f"the step whose cell it is.",
            run_id=origin.id,
        )
    found = pipeline.by_name.get(step)
    # A step that is gone is the pipeline's own error.
    if found is not None:
        notebook = pipeline.folder / found.notebook
        position_of(SourceNotebook.read(notebook).node, from_cell)


def _values(told: Any) -> dict[str, Any]:
    typed = set(told["typed"])
    return {
        name: RawText(item) if name in typed else item
        for name, item in told["parameters"].items()
    }
