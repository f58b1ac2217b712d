"""Whether a pipeline makes sense: references, paths and names, before anything runs."""

from __future__ import annotations

import re
from posixpath import normpath
from typing import TYPE_CHECKING

from jupyter_mlops import errors
from jupyter_mlops.pipeline.graph import ordered
from jupyter_mlops.pipeline.spec.conditions import ConditionFaultError, read_condition
from jupyter_mlops.pipeline.spec.places import fixed_path, is_within, refuse
from jupyter_mlops.pipeline.spec.references import (
    OWN,
    STEP_NAME,
    Reference,
    ReferenceFaultError,
    references,
)

if TYPE_CHECKING:
    from typing import Any

    from jupyter_mlops.pipeline.spec.pipeline import Pipeline, Step

_PLACES = ("parameters", "inputs", "outputs")


def check_pipeline(pipeline: Pipeline) -> None:
    """Check all that can be known without opening a notebook.

    Raises
    ------
    PipelineError
        With `place`, the path of what is at fault.
    """
    if not pipeline.steps:
        refuse("A pipeline needs at least one step.", ("steps",))
    seen: set[str] = set()
    for step in pipeline.steps:
        _check_names(step, seen)
        seen.add(step.name)
    for step in pipeline.steps:
        _check_references(pipeline, step)
        _check_after(pipeline, step)
    _check_outputs(pipeline)
    ordered(pipeline)


def _check_names(step: Step, seen: set[str]) -> None:
    path = ("steps", step.name)
    if step.name == OWN or not re.fullmatch(STEP_NAME, step.name):
        refuse(f"'{step.name}' cannot name a step.", path, is_key=True)
    if step.name in seen:
        refuse(f"Two steps are called '{step.name}'.", path, is_key=True)
    given: dict[str, str] = {}
    for place in _PLACES:
        for name in getattr(step, place):
            if name in given:
                refuse(
                    f"The step '{step.name}' has '{name}' both in its {given[name]} "
                    f"and in its {place}; the notebook gets one value for it.",
                    (*path, place, name),
                    is_key=True,
                )
            given[name] = place
    for kind in ("grid", "over") if step.sweep else ():
        _check_swept(step, kind, given)


def _check_swept(step: Step, kind: str, given: dict[str, str]) -> None:
    for name, value in getattr(step.sweep, kind).items():
        path = ("steps", step.name, "sweep", kind, name)
        if name in given:
            refuse(
                f"The step '{step.name}' sweeps over '{name}', which is in its "
                f"{given[name]}, too: leave one out.",
                path,
                is_key=True,
            )
        given[name] = kind
        if any(True for _ in _all_references(value, name)):
            refuse(f"What '{name}' is swept over must be plain values.", path)


def _check_references(pipeline: Pipeline, step: Step) -> None:
    path = ("steps", step.name)
    for place in _PLACES:
        for name, value in getattr(step, place).items():
            inner = (*path, place, name)
            try:
                for reference in references(value):
                    _check_reference(pipeline, step, reference, inner)
                    if place == "outputs" and reference.step:
                        refuse(
                            f"Where an output lies must be known beforehand: "
                            f"{reference} is not. Use ${{params.name}}, or a path.",
                            inner,
                        )
            except ReferenceFaultError as fault:
                refuse(f"{_sentence(str(fault))}", inner)
    if step.when:
        try:
            condition = read_condition(step.when)
        except (ConditionFaultError, ReferenceFaultError) as fault:
            refuse(_sentence(str(fault)), (*path, "when"))
        for reference in condition.by_name.values():
            _check_reference(pipeline, step, reference, (*path, "when"))
    for name, value in pipeline.parameters.items():
        if any(True for _ in _all_references(value, name)):
            refuse(
                f"The pipeline's parameter '{name}' must be a plain value: only steps "
                f"can refer to others.",
                ("parameters", name),
            )


def _all_references(value: Any, name: str) -> list[Reference]:
    try:
        return list(references(value))
    except ReferenceFaultError as fault:
        refuse(_sentence(str(fault)), ("parameters", name))


def _check_reference(
    pipeline: Pipeline, step: Step, reference: Reference, place: tuple[Any, ...]
) -> None:
    if not reference.step:
        if reference.name not in pipeline.parameters:
            hint = errors.nearest(reference.name, pipeline.parameters)
            refuse(
                f"{reference}: the pipeline has no parameter '{reference.name}'.{hint}",
                place,
            )
        return
    other = pipeline.by_name.get(reference.step)
    if other is None:
        hint = errors.nearest(reference.step, pipeline.by_name)
        refuse(f"{reference}: there is no step '{reference.step}'.{hint}", place)
    if reference.step == step.name:
        refuse(f"{reference}: the step '{step.name}' refers to itself.", place)
    if reference.kind == "outputs" and reference.name not in other.outputs:
        hint = errors.nearest(reference.name, other.outputs)
        refuse(
            f"{reference}: the step '{other.name}' has no output "
            f"'{reference.name}'.{hint}",
            place,
        )


def _check_after(pipeline: Pipeline, step: Step) -> None:
    for at, name in enumerate(step.after):
        if name not in pipeline.by_name:
            hint = errors.nearest(name, pipeline.by_name)
            refuse(
                f"'after' of the step '{step.name}': there is no step '{name}'.{hint}",
                ("steps", step.name, "after", at),
            )


def _check_outputs(pipeline: Pipeline) -> None:
    owners: list[tuple[str, str, str]] = []
    for step in pipeline.steps:
        place = ("steps", step.name)
        held = {name: fixed_path(pipeline, path) for name, path in step.inputs.items()}
        kept = [normpath(step.notebook), ".mlops"]
        if pipeline.file is not None:
            kept.append(pipeline.file.name)
        for name, written in step.outputs.items():
            path = fixed_path(pipeline, written)
            assert path is not None, "outputs refer to nothing that runs"
            inner = (*place, "outputs", name)
            for other, output, taken in owners:
                if is_within(path, taken) or is_within(taken, path):
                    refuse(
                        f"The output '{name}' of '{step.name}', {path}, and '{output}' "
                        f"of '{other}', {taken}, overlap: each file has one step that "
                        f"writes it.",
                        inner,
                    )
            if any(is_within(item, path) for item in kept) or path.startswith(
                ".mlops/"
            ):
                refuse(
                    f"The output '{name}' of '{step.name}', {path}, holds more than "
                    f"the step writes: name a folder of its own.",
                    inner,
                )
            for source, found in held.items():
                if found is not None and (is_within(found, path)):
                    refuse(
                        f"The step '{step.name}' has {path} as its output '{name}' and "
                        f"as its input '{source}': write to another place.",
                        inner,
                    )
            owners.append((step.name, name, path))


def _sentence(reason: str) -> str:
    ended = reason if reason.endswith((".", "?")) else f"{reason}."
    return f"{ended[:1].upper()}{ended[1:]}"
