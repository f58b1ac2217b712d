"""What a pipeline's run records of its steps, and what was recorded of notebooks."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from jupyter_mlops.kinds import Status
from jupyter_mlops.pipeline.graph import needs
from jupyter_mlops.pipeline.steps.results import State

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from jupyter_mlops.pipeline.spec.pipeline import Pipeline, Step
    from jupyter_mlops.pipeline.steps.results import StepResult
    from jupyter_mlops.workspace.workspace import Workspace


def recorded_files(workspace: Workspace, notebook: Path) -> tuple[list[str], list[str]]:
    """Return what the last run of a notebook read and wrote, as recorded."""
    from jupyter_mlops.store.index import RunQuery

    project = workspace.layout.project
    shown = os.path.relpath(notebook, project)
    names = " , ".join(repr(str(item)) for item in (notebook, shown))
    table = workspace.run_table(RunQuery(filter=f"notebook in ({names})", limit=20))
    read: dict[str, None] = {}
    written: dict[str, None] = {}
    for run_id in table.columns["run_id"]:
        for item in workspace.store.index.files(run_id):
            kept = written if item.role == "written" else read
            if "://" not in item.path:
                kept[str(project / item.path)] = None
    return list(read), list(written)


def planned_steps(pipeline: Pipeline, steps: Sequence[Step]) -> list[dict[str, Any]]:
    """Return the steps that are to run, each with those that it needs."""
    names = {step.name for step in steps}
    return [
        {"name": step.name, "needs": sorted(names & set(needs(pipeline, step)))}
        for step in steps
    ]


def status_of_steps(results: Mapping[str, StepResult]) -> Status:
    """Return how a pipeline ended whose steps ended so."""
    has_failed = any(item.state is State.FAILED for item in results.values())
    return Status.FAILED if has_failed else Status.FINISHED


def told_steps(results: Mapping[str, StepResult]) -> list[Any]:
    """Return what came of each step, as it is recorded."""
    return [
        {
            "step": item.name,
            "state": str(item.state),
            "why": item.why,
            "notes": item.notes,
            "run": item.run_id,
        }
        for item in results.values()
    ]
