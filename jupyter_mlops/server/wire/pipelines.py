"""A pipeline as a graph: its steps, how they stand, and why they would run."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from jupyter_mlops.pipeline.parameters import Parameter
from jupyter_mlops.server.wire.batch import job, parameter
from jupyter_mlops.server.wire.plain import plain
from jupyter_mlops.server.wire.runs import run

if TYPE_CHECKING:
    from jupyter_mlops.records import ErrorRecord
    from jupyter_mlops.server.wire.runs import Locate
    from jupyter_mlops.workspace.jobs import Job
    from jupyter_mlops.workspace.livebooks import Page
    from jupyter_mlops.workspace.pipelinestates import PipelineState, StepState

_TRACEBACK_LINES = 3
CACHED_TAG = "mlops.cached"


def pipeline(
    found: PipelineState,
    path: str,
    running: Job | None,
    pages: dict[str, Page],
    locate: Locate,
) -> dict[str, Any]:
    """Say a pipeline; `pages` of the steps that run, by their runs."""
    own = found.pipeline.parameters.items()
    return {
        "path": path,
        "name": found.pipeline.name,
        "description": found.pipeline.description,
        "last": None if found.last is None else run(found.last, locate),
        "job": None if running is None else job(running, locate),
        "parameters": [
            parameter(
                Parameter(
                    name=name,
                    kind=_kind(value),
                    default=value,
                    has_default=True,
                    default_source=repr(value),
                )
            )
            for name, value in own
        ],
        "steps": [
            _step(one, found.pipeline.folder / one.step.notebook, pages, locate)
            for one in found.steps
        ],
    }


def _step(
    found: StepState, notebook: Any, pages: dict[str, Page], locate: Locate
) -> dict[str, Any]:
    told, attempt = found.result, found.attempt
    page = pages.get(attempt.run_id) if attempt else None
    source = told.metrics if told else {}
    if not source and attempt:
        source = {key: one.last for key, one in attempt.metrics.items()}
    return {
        "name": found.step.name,
        "description": found.step.description,
        "notebook": locate(str(notebook)),
        "needs": found.needs,
        "state": state_of(found),
        "status": str(attempt.status) if attempt else None,
        "why": _why(found),
        "notes": list(told.notes) if told else [],
        "run_id": attempt.run_id if attempt else (told and told.run_id) or None,
        "seconds": attempt.seconds if attempt else None,
        "metrics": plain(dict(source)),
        "progress": page and progress(page),
        "parameters": [parameter(one) for one in _open_parameters(found)],
    }


def _open_parameters(found: StepState) -> list[Parameter]:
    """Return what may be given to a step: what other steps give it is left out."""
    step = found.step
    given = {
        name: replace(one, default=value, has_default=True, default_source=str(value))
        for name, value in step.parameters.items()
        if "${" not in str(value)
        if found.declared and (one := found.declared.by_name.get(name))
    }
    taken = {*step.parameters, *step.inputs, *step.outputs} - given.keys()
    known = found.declared.by_name if found.declared else {}
    return [given.get(k, one) for k, one in known.items() if k not in taken]


def state_of(found: StepState) -> str:
    """Say in a word how a step stands."""
    attempt, told = found.attempt, found.result
    if found.is_waiting:
        return "waiting"
    if told is not None:
        has_failed = attempt is not None and str(attempt.status) == "failed"
        would_run = str(told.state) in ("runs", "may run")
        return "failed" if has_failed and would_run else str(told.state)
    if attempt is None:
        return "not run"
    return "cached" if CACHED_TAG in attempt.tags else str(attempt.status)


def progress(page: Page) -> dict[str, Any]:
    """Say how far a notebook is."""
    return {
        "done": page.run.done,
        "planned": page.run.planned,
        "seconds": page.seconds,
        "left": page.left,
    }


def _why(found: StepState) -> list[str]:
    error = found.attempt.error if found.attempt else None
    why = list(found.result.why) if found.result else []
    if error and state_of(found) == "failed":
        return [*_told(error), *why]
    return why


def _told(error: ErrorRecord) -> list[str]:
    """Say an error in lines: of a cell's what it was, then where; not its traceback."""
    lines = [line.strip() for line in error.value.splitlines() if line.strip()]
    if error.name != "NotebookFailedError" or len(lines) < _TRACEBACK_LINES:
        return [f"{error.name}: {error.value}"]
    # The last line says where to look further.
    return [lines[-2], lines[0].removesuffix(":")]


def _kind(value: Any) -> str:
    name = type(value).__name__
    return name if name in ("int", "float", "bool", "str", "list", "dict") else ""
