"""What plans a pipeline's steps in a workspace, and the runs that it can go by."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from jupyter_mlops import errors
from jupyter_mlops.pipeline.steps.plan import Planner
from jupyter_mlops.pipeline.steps.results import State, StepResult
from jupyter_mlops.pipeline.versions.filedigests import FileDigests
from jupyter_mlops.pipeline.versions.ledger import Ledger
from jupyter_mlops.pipeline.versions.sources import Sources

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from jupyter_mlops.pipeline.spec.pipeline import Pipeline
    from jupyter_mlops.pipeline.versions.ledger import Entry
    from jupyter_mlops.workspace.workspace import Workspace

_FOLDER = "versions"
_RECALLED = 20
"""Recorded runs of a step that are looked through when its ledger is gone."""


def versions_folder(workspace: Workspace) -> Path:
    """Return the folder of what is derived for versions."""
    return workspace.layout.folder / _FOLDER


def planner_of(
    workspace: Workspace,
    pipeline: Pipeline,
    overrides: Mapping[str, Mapping[str, Any]],
    *,
    force: bool = False,
    only: str | None = None,
) -> Planner:
    """Put together what plans a pipeline's steps.

    Parameters
    ----------
    overrides : mapping
        Values of parameters, by step and name.
    force : bool
        No version counts as known; with `only`, of that step alone.
    """
    forced: list[str] = []
    if force:
        forced = [only] if only else list(pipeline.by_name)
    folder = versions_folder(workspace)
    return Planner(
        pipeline=pipeline,
        blobs=workspace.store.blobs,
        ledger=Ledger(folder),
        files=FileDigests(folder),
        sources=Sources(folder),
        recall=partial(_recalled, workspace, pipeline),
        overrides=overrides,
        forced=forced,
    )


def _recalled(workspace: Workspace, pipeline: Pipeline, step: str) -> list[Entry]:
    """Return the runs of a step that may stand for another, the latest first."""
    from jupyter_mlops.pipeline.steps.recall import entry_of_run
    from jupyter_mlops.store.index import RunQuery

    words = f"kind = 'step' and status = 'finished' and name = {_quoted(step)}"
    words += f" and experiment = {_quoted(pipeline.name)}"
    table = workspace.run_table(RunQuery(filter=words, limit=_RECALLED))
    runs = [workspace.get_run(item) for item in table.columns["run_id"]]
    return [entry for run in runs if (entry := entry_of_run(run)) is not None]


def _quoted(text: str) -> str:
    doubled = text.replace("'", "''")
    return f"'{doubled}'"


def check_needs(planner: Planner, steps: list[Any], only: str) -> None:
    """Make sure that what one step needs is known, before anything starts."""
    results: dict[str, StepResult] = {}
    for step in steps:
        if step.name == only:
            return
        results[step.name] = planner.foresee(step, results)
        found = results[step.name]
        if found.state not in (State.CACHED, State.SKIPPED):
            why = f" ({'; '.join(found.why)})" if found.why else ""
            raise errors.PipelineError(
                f"'{only}' needs '{step.name}', which is not up to date{why}. Run it "
                f"first: leave '--only' out, or name '{step.name}'.",
            )
