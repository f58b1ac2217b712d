"""``resume``: a run gone on with, from where it failed or changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path  # noqa: TC003 - Typer reads the annotations
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jupyter_mlops.verbs.run import NotebookRun, raw_values
from jupyter_mlops.verbs.session import AsJson, make_console, session_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import RenderableType

    from jupyter_mlops.verbs.pipeline import PipelineRun
    from jupyter_mlops.verbs.sweep import SweepAnswer
    from jupyter_mlops.workspace import Workspace
    from jupyter_mlops.workspace.resuming import ResumeOutcome


@dataclass(frozen=True)
class ResumedRun:
    """A notebook that was gone on with, to its end."""

    found: ResumeOutcome
    exit_code: int = field(default=0, init=False)

    def to_json(self) -> dict[str, Any]:
        """Return the new run, and what was restored in it."""
        return {
            **NotebookRun(self.found.run, self.found.output).to_json(),
            "resumed_from": self.found.origin,
            "restored_cells": self.found.restored,
            "saved_seconds": round(self.found.saved_seconds, 3),
            "why": self.found.why or None,
        }

    def render(self) -> RenderableType:
        """Return which cells were restored, and what the others did."""
        from rich.console import Group

        from jupyter_mlops.verbs import shown

        found = self.found
        ran = len(found.run.cells) - found.restored
        said = f"All {shown.counted(ran, 'cell')} ran: {found.why}."
        if found.restored:
            said = (
                f"Restored {shown.counted(found.restored, 'cell')} "
                f"({shown.took(found.saved_seconds)} of work) of run {found.origin}, "
                f"ran {shown.counted(ran, 'cell')}."
            )
        return Group(shown.text(said), NotebookRun(found.run, found.output).render())


def resume_run(workspace: Workspace, run: str, **options: Any) -> ResumedRun:
    """Go on with a run; `options` are those of `Notebooks.resume`."""
    return ResumedRun(workspace.notebooks.resume(run, **options))


def resume_steps(
    workspace: Workspace,
    run: str,
    parameters: Mapping[str, Any] | None = None,
    from_cell: str | None = None,
) -> PipelineRun:
    """Go on with a pipeline's run, or with a step's."""
    from jupyter_mlops.verbs.pipeline import PipelineRun, StepLines
    from jupyter_mlops.workspace.pipelineresuming import resume_pipeline

    steps = StepLines.where_seen()
    outcome = resume_pipeline(
        workspace, run, parameters, from_cell=from_cell, progress=steps
    )
    return PipelineRun(outcome)


def resume_points(workspace: Workspace, run: str, **options: Any) -> SweepAnswer:
    """Go on with a sweep; `options` are those of `sweepresuming.resume_sweep`."""
    from jupyter_mlops.verbs.sweep import SweepAnswer
    from jupyter_mlops.workspace.sweepresuming import resume_sweep

    return SweepAnswer(resume_sweep(workspace, run, **options))


def resume_command(
    context: typer.Context,
    *,
    run: Annotated[
        str,
        typer.Argument(
            help="A run's id, the beginning of one, or 'last'.", metavar="RUN"
        ),
    ],
    from_cell: Annotated[
        str | None,
        typer.Option(
            help="Run this cell and all after it: its id, or its position from 0.",
            metavar="ID",
        ),
    ] = None,
    parameter: Annotated[
        list[str] | None,
        typer.Option(
            "--parameter",
            "-p",
            help="A parameter, in place of the run's.",
            metavar="NAME VALUE",
        ),
    ] = None,
    timeout: Annotated[
        int | None,
        typer.Option(
            help="Seconds that a cell may take. Default: as before.",
            min=1,
            metavar="SECONDS",
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help="Save the executed notebook, too. Default: as before.",
            metavar="OUT",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Go on with a notebook's run, after a fix or with more time, as a new run.

    The notebook is read anew. Cells before the first that failed or whose code has
    changed are not run again: their state is brought back from a checkpoint in
    memory, their outputs and what they logged from the run. Checkpoints are made
    while 'jupyter mlops run' runs a notebook, where they cost less than 3 % of its
    time, and are held for half an hour after a failure. Where none is left, all cells
    run, and the answer says why. Files that cells wrote stay as they are.

    Of a pipeline's run, the steps that are left run, with the parameters as before;
    of a step's run, that step and what it needs. Known steps are cached; those that
    failed go on from the cell where they did, if all that their cells before had read
    is as it was, and else from their first.

    Of a sweep's run, the points that are left run, behind the cells that all share:
    these are brought back in the same way, if neither they nor the modules that they
    import have changed. Points that have finished stand while the code is the same.

    Example:
      jupyter mlops resume last
      jupyter mlops resume 01jd3k8v2m --timeout 7200
      jupyter mlops resume last --from-cell 4
    """
    from jupyter_mlops.verbs.progress import progress_bar
    from jupyter_mlops.verbs.sweeptable import sweep_progress
    from jupyter_mlops.workspace.pipelineresuming import pipeline_of
    from jupyter_mlops.workspace.sweepresuming import sweep_of_run

    session = session_of(context)
    workspace = session.workspace()
    if pipeline_of(workspace, run) is not None:
        for word, value in {"--timeout": timeout, "-o": output}.items():
            if value:
                raise typer.BadParameter(f"'{word}' is for notebooks run alone.")
        answer = resume_steps(workspace, run, raw_values(parameter), from_cell)
        session.say(answer, as_json=as_json)
        return
    told: dict[str, Any] = {
        "parameters": raw_values(parameter),
        "timeout": timeout,
        "output": output,
    }
    console = make_console(stderr=True)
    found: ResumedRun | SweepAnswer
    if sweep_of_run(workspace, run) is not None:
        if from_cell is not None:
            raise typer.BadParameter(
                "'--from-cell' is for notebooks run alone: points of a sweep go on "
                "behind the cells that all of them share."
            )
        with sweep_progress(console, "") as progress:
            found = resume_points(workspace, run, progress=progress, **told)
    else:
        with progress_bar(console) as bar:
            found = resume_run(
                workspace, run, from_cell=from_cell, progress=bar, **told
            )
    session.say(found, as_json=as_json)
