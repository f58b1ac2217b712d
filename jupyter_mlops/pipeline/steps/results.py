"""What steps hand on to each other, and how references are resolved against it."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from jupyter_mlops import errors
from jupyter_mlops.pipeline.spec.references import resolve

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from jupyter_mlops.pipeline.spec.pipeline import Pipeline, Step
    from jupyter_mlops.pipeline.spec.references import Reference
    from jupyter_mlops.pipeline.versions.ledger import Entry, KeptOutput


class State(StrEnum):
    """How a step stands, or ended."""

    CACHED = "cached"
    RUNS = "runs"
    MAY_RUN = "may run"
    FINISHED = "finished"
    FAILED = "failed"
    CANCELLED = "cancelled"
    SKIPPED = "skipped"
    NOT_RUN = "not run"


@dataclass(frozen=True, kw_only=True)
class StepResult:
    """What came of a step, or would.

    Attributes
    ----------
    why : list of str
        In words: why it ran, would run, or did not.
    notes : list of str
        What is to be said of it besides.
    run_id : str
        Its run; of one that is cached, the run that made what is used.
    """

    name: str
    state: State
    why: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    run_id: str = ""
    seconds: float | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    outputs: Mapping[str, KeptOutput] = field(default_factory=dict)
    metrics: Mapping[str, float] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)
    error: BaseException | None = None

    @property
    def is_known(self) -> bool:
        """Whether others can refer to what it made."""
        return self.state in (State.CACHED, State.FINISHED)

    @classmethod
    def of_entry(cls, name: str, entry: Entry, **fields: Any) -> StepResult:
        """Make it of a run that is known."""
        return cls(
            name=name,
            run_id=entry.run_id,
            outputs=entry.outputs,
            metrics=entry.metrics,
            values=entry.values,
            **fields,
        )


def looks_up(
    pipeline: Pipeline, results: Mapping[str, StepResult], step: Step
) -> Callable[[Reference], Any]:
    """Return what finds a reference's value among the results so far."""

    def look_up(reference: Reference) -> Any:
        if not reference.step:
            return pipeline.parameters[reference.name]
        if reference.kind == "outputs":
            return output_path(pipeline, pipeline.by_name[reference.step], reference)
        result = results[reference.step]
        found: Mapping[str, Any] = {
            "params": result.parameters,
            "metrics": result.metrics,
            "values": result.values,
        }[reference.kind]
        if reference.name not in found:
            noun = {"params": "parameter", "metrics": "metric", "values": "value"}
            raise errors.PipelineError(
                f"The step '{step.name}' refers to {reference}, but '{reference.step}' "
                f"has no {noun[reference.kind]} '{reference.name}'."
                f"{errors.nearest(reference.name, found)}",
            )
        value = found[reference.name]
        return value_of(value) if reference.kind == "values" else value

    return look_up


def output_path(pipeline: Pipeline, step: Step, reference: Reference) -> str:
    """Return where an output lies, relative to the pipeline's folder."""
    from jupyter_mlops.pipeline.spec.places import fixed_path

    path = fixed_path(pipeline, step.outputs[reference.name])
    assert path is not None, "outputs refer to nothing that runs"
    return path


def value_of(value: Mapping[str, Any]) -> Any:
    """Return what a step gets for a value of another: itself, or its address."""
    return value["json"] if "json" in value else value["uri"]


def resolved_parameters(
    pipeline: Pipeline, step: Step, look_up: Callable[[Reference], Any]
) -> dict[str, Any]:
    """Return a step's parameters, paths of outputs as its notebook needs them."""
    folder = (pipeline.folder / step.notebook).parent

    def told(reference: Reference) -> Any:
        found = look_up(reference)
        is_path = reference.kind == "outputs"
        return seen_from(folder, pipeline.folder / found) if is_path else found

    found: dict[str, Any] = resolve(dict(step.parameters), told)
    return found


def seen_from(folder: Path, path: Path) -> str:
    """Return a path as one writes it in a notebook that lies in `folder`."""
    return os.path.relpath(path, folder).replace(os.sep, "/")
