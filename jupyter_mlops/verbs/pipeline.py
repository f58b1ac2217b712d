"""What ``run`` and ``status`` say of pipelines."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from jupyter_mlops import wording
from jupyter_mlops.verbs.session import is_plain, make_console

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from rich.console import Console, RenderableType

    from jupyter_mlops.pipeline.parameters import DeclaredParameters
    from jupyter_mlops.pipeline.spec import Pipeline
    from jupyter_mlops.pipeline.steps.results import StepResult
    from jupyter_mlops.workspace import Workspace
    from jupyter_mlops.workspace.pipelines import PipelineOutcome

    _Line = list[tuple[str, str]]

_SUFFIXES = (".yaml", ".yml")
_STYLES = {
    "cached": "green",
    "finished": "green",
    "runs": "cyan",
    "may run": "cyan",
    "failed": "red",
    "cancelled": "yellow",
}


def is_pipeline(path: Path) -> bool:
    """Tell a pipeline's file, or the folder of one, from a notebook."""
    return path.suffix in _SUFFIXES or path.is_dir()


@dataclass(frozen=True)
class PipelineRun:
    """A pipeline that ran."""

    outcome: PipelineOutcome

    @property
    def exit_code(self) -> int:
        """1 when a step failed."""
        return 1 if self.outcome.failures else 0

    def to_json(self) -> dict[str, Any]:
        """Return the run and its steps."""
        return {
            "run_id": self.outcome.run_id,
            "name": self.outcome.name,
            "status": self.outcome.status,
            "steps": [_plain(item) for item in self.outcome.steps.values()],
        }

    def render(self) -> RenderableType:
        """Return a line for each step, then what came of all."""
        return _rich(self._told())

    def lines(self) -> list[str]:
        """Return the same without colours."""
        return _plain_lines(self._told())

    def _told(self) -> Iterator[_Line]:
        yield from _step_lines(self.outcome.steps)
        counts: dict[str, int] = {}
        for item in self.outcome.steps.values():
            counts[item.state] = counts.get(item.state, 0) + 1
        told = ", ".join(f"{count} {state}" for state, count in counts.items())
        name = wording.one_line(self.outcome.name)
        yield [(f"{name} {self.outcome.status}: {told}.", "")]
        yield [(f"See it with: jupyter mlops show {self.outcome.run_id}", "")]


@dataclass(frozen=True)
class PipelineStatus:
    """What would run, and why."""

    name: str
    steps: Mapping[str, StepResult]

    @property
    def exit_code(self) -> int:
        """1 when a step cannot run."""
        return 1 if any(item.error for item in self.steps.values()) else 0

    def to_json(self) -> dict[str, Any]:
        """Return the steps."""
        return {
            "name": self.name,
            "steps": [_plain(item) for item in self.steps.values()],
        }

    def render(self) -> RenderableType:
        """Return a line for each step."""
        return _rich(self._told())

    def lines(self) -> list[str]:
        """Return the same without colours."""
        return _plain_lines(self._told())

    def _told(self) -> Iterator[_Line]:
        yield from _step_lines(self.steps)
        is_known = all(item.state == "cached" for item in self.steps.values())
        last = "Nothing would run." if is_known else "Run it with: jupyter mlops run"
        yield [(last, "")]


def run_pipeline(
    workspace: Workspace,
    source: Path | Pipeline,
    parameters: Mapping[str, Any] | None = None,
    **options: Any,
) -> PipelineRun:
    """Run a pipeline; `options` are those of `Pipelines.run`."""
    return PipelineRun(workspace.pipelines.run(source, parameters, **options))


def pipeline_status(
    workspace: Workspace,
    source: Path | Pipeline,
    parameters: Mapping[str, Any] | None = None,
) -> PipelineStatus:
    """Say what would run."""
    pipeline = workspace.pipelines.read(source)
    return PipelineStatus(
        pipeline.name, workspace.pipelines.status(pipeline, parameters)
    )


def declared_by_steps(source: Path) -> DeclaredParameters:
    """Read what all notebooks of a pipeline take, as ``-p`` names it."""
    from jupyter_mlops.pipeline.parameters import DeclaredParameters, Parameter
    from jupyter_mlops.pipeline.spec.reader import read_pipeline
    from jupyter_mlops.pipeline.versions.notebook import NotebookText

    pipeline = read_pipeline(source)
    found = {
        name: Parameter(name=name, default=value, default_source=repr(value))
        for name, value in pipeline.parameters.items()
    }
    for step in pipeline.steps:
        notebook = NotebookText.read(pipeline.folder / step.notebook, step.notebook)
        for name, item in notebook.parameters.by_name.items():
            full = f"{step.name}.{name}"
            found[full] = replace(item, name=full)
    return DeclaredParameters(notebook=pipeline.shown, by_name=found)


class StepLines:
    """Says on the standard error stream, if a terminal, which step runs and ended."""

    @cached_property
    def _console(self) -> Console:
        return make_console(stderr=True)

    @classmethod
    def where_seen(cls) -> StepLines | None:
        """Make one, where that stream may be a terminal."""
        return None if is_plain(sys.stderr) else cls()

    def step_began(self, name: str, why: Sequence[str]) -> None:
        """Say that a step runs, and why."""
        self._say(f"{name} runs: {'; '.join(why)}")

    def step_ended(self, result: StepResult) -> None:
        """Say how it ended, where somebody waits for it."""
        if result.seconds is not None:
            took = wording.took(result.seconds)
            self._say(f"{result.name} {result.state} after {took}")

    def _say(self, line: str) -> None:
        from jupyter_mlops.verbs.shown import text

        if self._console.is_terminal:
            self._console.print(text(line))


def _plain(item: StepResult) -> dict[str, Any]:
    return {
        "step": item.name,
        "state": str(item.state),
        "why": list(item.why),
        "notes": list(item.notes),
        "run_id": item.run_id or None,
        "seconds": item.seconds,
        "metrics": dict(item.metrics),
    }


def _step_lines(steps: Mapping[str, StepResult]) -> Iterator[_Line]:
    width = max((len(name) for name in steps), default=0)
    for item in steps.values():
        line = [(f"{item.name:<{width}}  ", "")]
        line.append((f"{item.state:<9}", _STYLES.get(str(item.state), "")))
        if item.state == "finished" and item.seconds is not None:
            line.append((f" {wording.took(item.seconds)}", ""))
        head, *rest = "; ".join(item.why).splitlines() or [""]
        if head:
            line.append((f" {wording.one_line(head)}", ""))
        yield line
        for further in rest:
            # A failed cell's traceback keeps its lines.
            yield [(f"    {wording.safe_line(further)}", "")]
        for note in item.notes:
            yield [(f"{'':<{width}}  - {wording.one_line(note)}", "")]


def _plain_lines(told: Iterable[_Line]) -> list[str]:
    return ["".join(text for text, _ in line) for line in told]


def _rich(told: Iterable[_Line]) -> RenderableType:
    from rich.console import Group
    from rich.text import Text

    return Group(*(Text.assemble(*line) for line in told))
