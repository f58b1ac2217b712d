"""Who needs whom: the order of a pipeline's steps, and what one of them needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_mlops import errors
from jupyter_mlops.pipeline.spec.conditions import read_condition
from jupyter_mlops.pipeline.spec.places import fixed_path, is_within, refuse
from jupyter_mlops.pipeline.spec.references import references

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jupyter_mlops.pipeline.spec.pipeline import Pipeline, Step


def needs(pipeline: Pipeline, step: Step) -> list[str]:
    """Name what must have ended before: by reference, by path, by ``after``."""
    return pipeline.needs[step.name]


def needs_of_all(pipeline: Pipeline) -> dict[str, list[str]]:
    """Name for each step what it needs."""
    written = {
        step.name: [fixed_path(pipeline, path) for path in step.outputs.values()]
        for step in pipeline.steps
    }
    return {step.name: _needs(pipeline, step, written) for step in pipeline.steps}


def _needs(
    pipeline: Pipeline, step: Step, written: Mapping[str, list[str | None]]
) -> list[str]:
    found = dict.fromkeys(step.after)
    for value in (step.parameters, step.inputs):
        found.update(dict.fromkeys(item.step for item in references(dict(value))))
    if step.when:
        condition = read_condition(step.when)
        found.update(dict.fromkeys(item.step for item in condition.by_name.values()))
    inputs = [fixed_path(pipeline, path) for path in step.inputs.values()]
    for other, outputs in written.items():
        if other != step.name and any(
            one is not None and two is not None and _meet(one, two)
            for one in inputs
            for two in outputs
        ):
            found[other] = None
    found.pop("", None)
    return list(found)


def _meet(one: str, other: str) -> bool:
    return is_within(one, other) or is_within(other, one)


def ordered(pipeline: Pipeline) -> list[Step]:
    """Return the steps so that each comes after those that it needs.

    Raises
    ------
    PipelineError
        When some need each other in a circle, which it names.
    """
    known = pipeline.by_name
    edges = pipeline.needs
    done: dict[str, None] = {}
    for name in known:
        _visit(name, edges, done)
    return [known[name] for name in done]


def _visit(start: str, edges: dict[str, list[str]], done: dict[str, None]) -> None:
    # A stack of our own: a chain of a thousand steps is no reason to fail.
    path: list[str] = [start]
    rest = [iter(edges[start])]
    while path:
        name = next(rest[-1], None)
        if name is None:
            rest.pop()
            done[path.pop()] = None
        elif name in path:
            circle = [*path[path.index(name) :], name]
            refuse(
                f"Steps need each other in a circle: {' needs '.join(circle)}.",
                ("steps", path[-1]),
                is_key=True,
            )
        elif name not in done:
            path.append(name)
            rest.append(iter(edges[name]))


def closure(pipeline: Pipeline, name: str) -> list[Step]:
    """Return a step with all that it needs, in order.

    Raises
    ------
    PipelineError
        When there is no step of this name.
    """
    known = pipeline.by_name
    if name not in known:
        raise errors.PipelineError(
            f"{pipeline.shown} has no step '{name}'.{errors.nearest(name, known)}",
        )
    wanted = {name}
    for step in reversed(ordered(pipeline)):
        if step.name in wanted:
            wanted.update(needs(pipeline, step))
    return [step for step in ordered(pipeline) if step.name in wanted]
