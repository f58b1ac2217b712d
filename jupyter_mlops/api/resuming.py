"""Notebooks' runs gone on with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlops.api.place import here

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

    from jupyter_mlops.pipeline.sweeps.results import SweepResult
    from jupyter_mlops.workspace.pipelines import PipelineOutcome
    from jupyter_mlops.workspace.resuming import ResumeOutcome


def resume(
    run: str,
    *,
    from_cell: str | int | None = None,
    parameters: Mapping[str, Any] | None = None,
    timeout: int | None = None,
    output: str | os.PathLike[str] | None = None,
) -> ResumeOutcome | PipelineOutcome | SweepResult:
    """Go on with a notebook's, a pipeline's or a sweep's run, as a new run.

    Cells before the first that failed, or whose code has changed, are not run again,
    as far as a checkpoint of them is held in memory. Of a pipeline, or one of its
    steps, what is known stays cached, and the step that failed goes on in that way.
    Of a sweep, points that are left run, behind the cells that all points share.

    Parameters
    ----------
    run : str
        Its id, the beginning of one, or ``last``.
    from_cell : str or int, optional
        Run this cell and all after it: its id, or its position from 0.
    parameters : mapping, optional
        In place of the run's.
    timeout : int, optional
        Seconds that a cell may take; as before.
    output : path, optional
        Where to save the executed notebook, too; as before.

    Returns
    -------
    ResumeOutcome, PipelineOutcome or SweepResult
        ``.run .origin .restored .saved_seconds .why``; of a pipeline ``.run_id .name
        .status .steps .failures``; of a sweep as from `sweep`.

    Raises
    ------
    NotebookFailedError
        When a notebook's cell failed; the new run is recorded.
    InvalidInputError
        When there is nothing to go on with, `timeout` or `output` are given for a
        pipeline, or `from_cell` for a sweep.
    """
    from jupyter_mlops import errors
    from jupyter_mlops.workspace.pipelineresuming import pipeline_of, resume_pipeline
    from jupyter_mlops.workspace.sweepresuming import resume_sweep, sweep_of_run

    workspace = here()
    if pipeline_of(workspace, run) is not None:
        if timeout is not None or output is not None:
            raise errors.InvalidInputError(
                "'timeout' and 'output' are for notebooks run alone; a step's are in "
                "its pipeline."
            )
        cell = None if from_cell is None else str(from_cell)
        return resume_pipeline(workspace, run, parameters, from_cell=cell)
    if sweep_of_run(workspace, run) is not None:
        if from_cell is not None:
            raise errors.InvalidInputError(
                "'from_cell' is for notebooks run alone: points of a sweep go on "
                "behind the cells that all of them share."
            )
        return resume_sweep(workspace, run, parameters, timeout=timeout, output=output)
    return workspace.notebooks.resume(
        run,
        from_cell=None if from_cell is None else str(from_cell),
        parameters=parameters,
        timeout=timeout,
        output=output,
    )
