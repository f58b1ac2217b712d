"""Values on their way into a journal: checked first, then written as lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlops.capture.values import as_param, check_key
from jupyter_mlops.store import events

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jupyter_mlops.capture.masking import Masker
    from jupyter_mlops.records import JsonValue
    from jupyter_mlops.tracking.steps import StepCounter


def check_params(params: Mapping[str, Any], masker: Masker) -> dict[str, JsonValue]:
    """Return params in their JSON form, secrets masked.

    Raises
    ------
    InvalidNameError, InvalidParamError
        On the first that cannot be kept.
    """
    return {
        masker.name(check_key(key, "param")): masker.named(key, as_param(value, key))
        for key, value in params.items()
    }


def check_tags(tags: Mapping[str, Any], masker: Masker) -> dict[str, str]:
    """Return tags as texts, secrets masked.

    Raises
    ------
    InvalidNameError
        On the first whose name cannot be used.
    """
    return {
        masker.name(check_key(key, "tag")): masker.named(key, str(value))
        for key, value in tags.items()
    }


def metric_lines(
    numbers: Mapping[str, float], steps: StepCounter, step: int | None
) -> bytes:
    """Write one point of each metric, at `step` or each at its next one."""
    lines = []
    for key, number in numbers.items():
        if step is None:
            place = steps.draw(key)
        else:
            place = step
            steps.follow(key, step)
        lines.append(events.encode_metric(key, number, place))
    return b"".join(lines)


def param_lines(params: Mapping[str, JsonValue]) -> bytes:
    """Write checked params."""
    return b"".join(events.encode_param(key, value) for key, value in params.items())


def tag_lines(tags: Mapping[str, str]) -> bytes:
    """Write checked tags."""
    return b"".join(events.encode("tag", k=key, v=word) for key, word in tags.items())
