"""Values given from outside: they take the place of what a pipeline says."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from jupyter_mlops import errors
from jupyter_mlops.pipeline.parameters import RawText

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jupyter_mlops.pipeline.spec.pipeline import Pipeline


def overrides_of(
    pipeline: Pipeline, given: Mapping[str, Any]
) -> tuple[Pipeline, dict[str, dict[str, Any]]]:
    """Take values by ``step.name``, or by the name of a pipeline's own parameter.

    Raises
    ------
    PipelineError
        When there is no such step or parameter.
    """
    found: dict[str, dict[str, Any]] = {}
    own = dict(pipeline.parameters)
    for name, value in given.items():
        step, dot, parameter = name.partition(".")
        if dot:
            if step not in pipeline.by_name:
                raise _unknown(pipeline, f"step '{step}'", step, pipeline.by_name)
            found.setdefault(step, {})[parameter] = value
        elif name not in own:
            steps = [f"{step}.{name}" for step in pipeline.by_name]
            raise _unknown(pipeline, f"parameter '{name}'", name, [*own, *steps])
        else:
            own[name] = _like(value, own[name])
    return replace(pipeline, parameters=own) if own else pipeline, found


def _like(value: Any, default: Any) -> Any:
    """Convert what was typed to the kind of the value that it replaces."""
    if not isinstance(value, RawText):
        return value
    from jupyter_mlops.pipeline.parameter_values import KINDS, fitted

    kind = type(default).__name__
    try:
        return fitted(value, kind if kind in KINDS else "")
    except ValueError as error:
        raise errors.PipelineError(
            f"'{value}' cannot take the place of {default!r}: it must be {error}.",
        ) from None


def _unknown(
    pipeline: Pipeline, what: str, name: str, known: Iterable[str]
) -> errors.PipelineError:
    return errors.PipelineError(
        f"{pipeline.shown} has no {what}.{errors.nearest(name, known)}",
    )
