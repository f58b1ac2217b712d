"""Which fields a pipeline and a step have, and what each takes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from jupyter_mlops.pipeline.spec.pipeline import Resources, Retry, Sweep
from jupyter_mlops.pipeline.spec.quantities import bytes_of, seconds_of
from jupyter_mlops.pipeline.spec.references import NAME, STEP_NAME
from jupyter_mlops.store.documents import (
    Field,
    FieldFaultError,
    boolean,
    mapping,
    read_fields,
    text,
    wrong,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_mlops.store.documents import Path

MOST_RETRIES = 100
_MOST = 1 << 32


def file_path(value: Any, path: Path) -> str:
    """Take the path of a file or a folder."""
    found = text(value, path)
    if "\n" in found or "\0" in found:
        raise wrong("a path", value, path)
    return found


def parameters(value: Any, path: Path) -> dict[str, Any]:
    """Take values of any kind, by names that notebooks can bind."""
    found = mapping(value, path)
    for name in found:
        _check_name(name, NAME, "parameter", (*path, name))
    return found


def paths(value: Any, path: Path) -> dict[str, str]:
    """Take paths, by names that notebooks can bind."""
    found = parameters(value, path)
    return {name: file_path(inner, (*path, name)) for name, inner in found.items()}


def step_names(value: Any, path: Path) -> tuple[str, ...]:
    """Take a step's name, or several."""
    if isinstance(value, str):
        return (text(value, path),)
    if not isinstance(value, list):
        raise wrong("a step's name, or a list of them", value, path)
    return tuple(text(inner, (*path, at)) for at, inner in enumerate(value))


def condition(value: Any, path: Path) -> str:
    """Take a condition; ``true`` and ``false`` are some."""
    return str(value) if isinstance(value, bool) else text(value, path)


def retries(value: Any, path: Path) -> Retry:
    """Take how often to try again, or that with waits."""
    if not isinstance(value, dict):
        return Retry(times=_times(value, path))
    return Retry(**read_fields(value, path, "'retries'", _RETRY))


def timeouts(value: Any, path: Path) -> dict[str, float]:
    """Take how long a cell and a step may take."""
    if not isinstance(value, dict):
        raise wrong(
            "'cell' and 'step', each with a duration, as in {cell: 60s, step: 10m}",
            value,
            path,
        )
    return read_fields(value, path, "'timeout'", _TIMEOUT)


def resources(value: Any, path: Path) -> Resources:
    """Take processors and memory."""
    return Resources(**read_fields(value, path, "'resources'", _RESOURCES))


def sweep(value: Any, path: Path) -> Sweep:
    """Take what a step is run over, and what tells the best."""
    found = read_fields(value, path, "'sweep'", _SWEEP)
    drawn = [name for name in ("random", "search") if name in found]
    if len(drawn) > 1:
        raise FieldFaultError(
            "'sweep' has both 'random' and 'search': leave one out.",
            (*path, "search"),
            is_key=True,
        )
    if drawn and not found.get("over"):
        raise FieldFaultError(
            f"'{drawn[0]}' draws points: say from what, in 'over'.",
            (*path, drawn[0]),
            is_key=True,
        )
    if not drawn and (not found.get("grid") or found.get("over")):
        raise FieldFaultError(
            "'sweep' needs a 'grid', or 'over' with 'random' or 'search'.",
            path,
            is_key=True,
        )
    return Sweep(**found)


def _dimensions(value: Any, path: Path) -> dict[str, Any]:
    found = parameters(value, path)
    for name, inner in found.items():
        if not isinstance(inner, list | str) or not inner:
            wanted = "a list of values, or a range such as 0.1..10"
            raise wrong(wanted, inner, (*path, name))
    return found


def _goal(value: Any, path: Path) -> str:
    if value not in ("max", "min"):
        raise wrong("max or min", value, path)
    return str(value)


def _count(least: int) -> Callable[[Any, Path], int]:
    def taken(value: Any, path: Path) -> int:
        is_number = isinstance(value, int) and not isinstance(value, bool)
        if not is_number or not least <= value <= _MOST:
            raise wrong(f"a whole number, at least {least}", value, path)
        return int(value)

    return taken


def named_steps(value: Any, path: Path) -> dict[str, Any]:
    """Take steps by name; what is in them is read later."""
    found = mapping(value, path)
    if not found:
        raise FieldFaultError("There are no steps.", path)
    for name in found:
        _check_name(name, STEP_NAME, "step", (*path, name))
    return found


def _check_name(name: str, pattern: str, noun: str, path: Path) -> None:
    if not re.fullmatch(pattern, name):
        dash = " and '-'" if "-" in pattern else ""
        raise FieldFaultError(
            f"'{name}' cannot name a {noun}: use letters, digits, '_'{dash}, not a "
            f"digit first.",
            path,
            is_key=True,
        )


def _times(value: Any, path: Path) -> int:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or value % 1 or not 0 <= value <= MOST_RETRIES:
        raise wrong(f"a whole number from 0 to {MOST_RETRIES}", value, path)
    return int(value)


def _factor(value: Any, path: Path) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 1:
        raise wrong("a number, at least 1", value, path)
    return float(value)


def _cpus(value: Any, path: Path) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
        raise wrong("a number above 0", value, path)
    return float(value)


def _amount(read: Callable[[object], Any]) -> Callable[[Any, Path], Any]:
    def taken(value: Any, path: Path) -> Any:
        try:
            return read(value)
        except ValueError as error:
            raise wrong(str(error), value, path) from None

    return taken


_RETRY = {
    "times": Field(_times, is_required=True),
    "wait": Field(_amount(seconds_of)),
    "factor": Field(_factor),
    "most": Field(_amount(seconds_of)),
}
_TIMEOUT = {"cell": Field(_amount(seconds_of)), "step": Field(_amount(seconds_of))}
_SWEEP = {
    "metric": Field(text, is_required=True),
    "grid": Field(_dimensions),
    "over": Field(_dimensions),
    "random": Field(_count(1)),
    "search": Field(_count(1)),
    "goal": Field(_goal),
    "seed": Field(_count(0)),
}
_RESOURCES = {"cpus": Field(_cpus), "memory": Field(_amount(bytes_of))}

PIPELINE: dict[str, Field] = {
    "name": Field(text),
    "description": Field(text),
    "parameters": Field(parameters),
    "steps": Field(named_steps, is_required=True),
}
STEP: dict[str, Field] = {
    "notebook": Field(file_path, is_required=True),
    "description": Field(text),
    "parameters": Field(parameters),
    "inputs": Field(paths),
    "outputs": Field(paths),
    "after": Field(step_names),
    "retries": Field(retries),
    "timeout": Field(timeouts),
    "when": Field(condition),
    "resources": Field(resources),
    "kernel": Field(text),
    "cache": Field(boolean),
    "sweep": Field(sweep),
}
