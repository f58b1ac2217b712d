"""Which fields a pipeline and a step have, and what each takes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jupyter_mlops import errors
from jupyter_mlops.pipeline.spec.pipeline import Resources, Retry
from jupyter_mlops.pipeline.spec.quantities import bytes_of, seconds_of
from jupyter_mlops.pipeline.spec.references import NAME, STEP_NAME

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_mlops.pipeline.spec.document import Path

MOST_RETRIES = 100


class FieldFaultError(ValueError):
    """A field is unknown, missing, or holds what it cannot.

    Attributes
    ----------
    path : tuple
        Which one.
    is_key : bool
        Its name is at fault, not its value.
    """

    def __init__(self, reason: str, path: Path, *, is_key: bool = False) -> None:
        super().__init__(reason)
        self.path = path
        self.is_key = is_key


@dataclass(frozen=True)
class Field:
    """One field: how its value is read, and whether it must be there."""

    read: Callable[[Any, Path], Any]
    is_required: bool = False


def read_fields(
    value: Any, path: Path, noun: str, known: dict[str, Field]
) -> dict[str, Any]:
    """Read a mapping whose names are all known.

    Raises
    ------
    FieldFaultError
        On an unknown or missing name, or what a field's own reader refuses.
    """
    found = mapping(value, path)
    for name in found:
        if name not in known:
            hint = errors.nearest(name, known)
            raise FieldFaultError(
                f"{noun} has no '{name}'.{hint}", (*path, name), is_key=True
            )
    for name, item in known.items():
        if item.is_required and name not in found:
            raise FieldFaultError(f"{noun} lacks '{name}'.", path, is_key=True)
    return {name: known[name].read(found[name], (*path, name)) for name in found}


def mapping(value: Any, path: Path) -> dict[str, Any]:
    """Take a mapping of names to values."""
    if not isinstance(value, dict):
        raise _wrong("names with values, one a line: 'name: value'", value, path)
    return value


def text(value: Any, path: Path) -> str:
    """Take a text that is not empty."""
    if not isinstance(value, str) or not value.strip():
        raise _wrong("a text", value, path)
    return value


def file_path(value: Any, path: Path) -> str:
    """Take the path of a file or a folder."""
    found = text(value, path)
    if "\n" in found or "\0" in found:
        raise _wrong("a path", value, path)
    return found


def boolean(value: Any, path: Path) -> bool:
    """Take true or false."""
    if not isinstance(value, bool):
        raise _wrong("true or false", value, path)
    return value


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
        raise _wrong("a step's name, or a list of them", value, path)
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
        raise _wrong(
            "'cell' and 'step', each with a duration, as in {cell: 60s, step: 10m}",
            value,
            path,
        )
    return read_fields(value, path, "'timeout'", _TIMEOUT)


def resources(value: Any, path: Path) -> Resources:
    """Take processors and memory."""
    return Resources(**read_fields(value, path, "'resources'", _RESOURCES))


def named_steps(value: Any, path: Path) -> dict[str, Any]:
    """Take steps by name; what is in them is read later."""
    found = mapping(value, path)
    if not found:
        raise FieldFaultError("There are no steps.", path)
    for name in found:
        _check_name(name, STEP_NAME, "step", (*path, name))
    return found


def refused(reason: str) -> Callable[[Any, Path], Any]:
    """Refuse a field that is known, and say what to do instead."""

    def read(_value: Any, path: Path) -> Any:
        raise FieldFaultError(reason, path, is_key=True)

    return read


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
        raise _wrong(f"a whole number from 0 to {MOST_RETRIES}", value, path)
    return int(value)


def _factor(value: Any, path: Path) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 1:
        raise _wrong("a number, at least 1", value, path)
    return float(value)


def _cpus(value: Any, path: Path) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
        raise _wrong("a number above 0", value, path)
    return float(value)


def _amount(read: Callable[[object], Any]) -> Callable[[Any, Path], Any]:
    def taken(value: Any, path: Path) -> Any:
        try:
            return read(value)
        except ValueError as error:
            raise _wrong(str(error), value, path) from None

    return taken


def _wrong(wanted: str, value: Any, path: Path) -> FieldFaultError:
    where = f"'{path[-1]}'" if path and isinstance(path[-1], str) else "This"
    shown = "nothing" if value is None else repr(value)
    return FieldFaultError(f"{where} must be {wanted}, not {_short(shown)}.", path)


def _short(shown: str, limit: int = 60) -> str:
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"


_RETRY = {
    "times": Field(_times, is_required=True),
    "wait": Field(_amount(seconds_of)),
    "factor": Field(_factor),
    "most": Field(_amount(seconds_of)),
}
_TIMEOUT = {"cell": Field(_amount(seconds_of)), "step": Field(_amount(seconds_of))}
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
    "sweep": Field(
        refused(
            "A step cannot sweep over values yet. Write one step for each value, or "
            "run the notebook by itself for each: 'jupyter mlops run NOTEBOOK -p NAME "
            "VALUE'."
        )
    ),
}
