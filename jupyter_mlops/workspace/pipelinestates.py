"""Which pipelines a project has, and how their steps stand."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from jupyter_mlops import errors
from jupyter_mlops.pipeline.graph import needs, ordered

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from jupyter_mlops.pipeline.parameters import DeclaredParameters
    from jupyter_mlops.pipeline.spec.pipeline import Pipeline, Step
    from jupyter_mlops.pipeline.steps.results import StepResult
    from jupyter_mlops.records import RunRecord
    from jupyter_mlops.tracking.recorded import RecordedRun
    from jupyter_mlops.workspace.workspace import Workspace

_NAMES = ("pipeline.yaml", "pipeline.yml")
_DEPTH = 5
_FOLDERS = 1000
_MOST = 50
_PASSED_OVER = frozenset(
    {"node_modules", "__pycache__", "site-packages", "venv", "env"}
)


@dataclass(frozen=True, kw_only=True)
class FoundPipeline:
    """A pipeline's file; `problem` says why it cannot be read."""

    file: Path
    pipeline: Pipeline | None = None
    problem: str = ""
    last: RunRecord | None = None


@dataclass(frozen=True, kw_only=True)
class StepState:
    """How a step stands.

    Attributes
    ----------
    result : StepResult or None
        Whether it would run, and why; None while nobody asked.
    attempt : RunRecord or None
        Its run within the pipeline's last one.
    is_waiting : bool
        The pipeline runs, and has not come to it yet.
    """

    step: Step
    needs: list[str]
    result: StepResult | None = None
    attempt: RunRecord | None = None
    is_waiting: bool = False
    declared: DeclaredParameters | None = None


@dataclass(frozen=True, kw_only=True)
class PipelineState:
    """How a pipeline stands; `last` is its latest run."""

    pipeline: Pipeline
    last: RunRecord | None
    steps: list[StepState] = field(default_factory=list)


def find_pipelines(workspace: Workspace) -> list[FoundPipeline]:
    """Find the pipelines of a project, those nearest to its top first."""
    found = []
    for file in _files(workspace.layout.project):
        try:
            pipeline = workspace.pipelines.read(file)
        except errors.MlopsError as error:
            found.append(FoundPipeline(file=file, problem=str(error)))
            continue
        last = last_run(workspace, pipeline)
        kept = None if last is None else last.record
        found.append(FoundPipeline(file=file, pipeline=pipeline, last=kept))
        if len(found) >= _MOST:
            break
    return found


def last_run(workspace: Workspace, pipeline: Pipeline) -> RecordedRun | None:
    """Return a pipeline's latest run, None when it never ran."""
    from jupyter_mlops.store.index import RunQuery

    name = pipeline.name.replace("'", "''")
    words = f"kind = 'parent' and name = '{name}' and experiment = '{name}'"
    table = workspace.run_table(RunQuery(filter=words, limit=5, include=()))
    for run_id in table.columns["run_id"]:
        run = workspace.get_run(run_id)
        if run.record.notebook is None:
            return run
    return None


def look_at(
    workspace: Workspace, file: Path, *, foresees: bool = True
) -> PipelineState:
    """Look at a pipeline: its steps, the last run's attempts, what would run and why.

    Parameters
    ----------
    foresees : bool
        False: do not ask what would run, which takes longer than all else.

    Raises
    ------
    PipelineError
        When its file cannot be read.
    """
    pipeline = workspace.pipelines.read(file)
    run = last_run(workspace, pipeline)
    is_running = run is not None and str(run.status) == "running"
    told: Mapping[str, StepResult] = {}
    if foresees and not is_running:
        told = workspace.pipelines.status(pipeline)
    attempts = _attempts(run)
    planned = _planned(workspace, run) if is_running else set()
    return PipelineState(
        pipeline=pipeline,
        last=None if run is None else run.record,
        steps=[
            StepState(
                step=step,
                needs=needs(pipeline, step),
                result=told.get(step.name),
                attempt=attempts.get(step.name),
                is_waiting=step.name in planned and step.name not in attempts,
                declared=_declared(pipeline, step),
            )
            for step in ordered(pipeline)
        ],
    )


def _attempts(run: RecordedRun | None) -> dict[str, RunRecord]:
    """Return the last attempt at each step."""
    children = [] if run is None else run.children
    by_age = sorted(children, key=lambda child: child.id)
    return {child.name: child.record for child in by_age}


def _planned(workspace: Workspace, run: RecordedRun | None) -> set[str]:
    if run is None:
        return set()
    page = workspace.livebooks.book(run.id).look()
    return {name for name, _ in page.run.steps}


def _declared(pipeline: Pipeline, step: Step) -> DeclaredParameters | None:
    from jupyter_mlops.pipeline.versions.notebook import NotebookText

    try:
        path = pipeline.folder / step.notebook
        return NotebookText.read(path, step.notebook).parameters
    except errors.MlopsError:
        # What would run says why.
        return None


def _files(project: Path) -> Iterator[Path]:
    level, left = [project], _FOLDERS
    for _ in range(_DEPTH):
        below: list[Path] = []
        for folder in level:
            left -= 1
            if left < 0:
                return
            entries = _entries(folder)
            names = [name for name in _NAMES if name in entries]
            if names:
                yield folder / names[0]
            below += [folder / name for name, is_dir in entries.items() if is_dir]
        level = below


def _entries(folder: Path) -> dict[str, Any]:
    """Return what a folder holds, and which of it is to be looked into."""
    try:
        with os.scandir(folder) as found:
            return {
                entry.name: entry.is_dir(follow_symlinks=False)
                and entry.name not in _PASSED_OVER
                for entry in sorted(found, key=lambda entry: entry.name)
                if not entry.name.startswith(".")
            }
    except OSError:
        return {}
