"""What a cell binds, and what of it becomes params and metrics. Never raises."""

from __future__ import annotations

import keyword
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from jupyter_mlops.capture.params import as_param
from jupyter_mlops.capture.values import as_number, check_key, is_number
from jupyter_mlops.errors import InvalidInputError, nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from jupyter_mlops.records import JsonValue

_SHELL_NAMES = frozenset({"In", "Out", "exit", "quit", "open", "get_ipython"})


@dataclass(frozen=True, slots=True)
class CellBindings:
    """The names that a cell binds at its top level.

    Attributes
    ----------
    literals : dict
        Names last bound to a literal, with that literal.
    computed : list of str
        Names last bound to anything else, in order of their first binding. A name
        that one branch binds to a literal and another computes is in both.
    alternatives : dict of str to list
        All the literals that the cell binds a name of `literals` to: which of
        several branches ran is not written in the source.
    is_parsed : bool
        False when the source is no valid Python.
    """

    literals: dict[str, Any] = field(default_factory=dict)
    computed: list[str] = field(default_factory=list)
    alternatives: dict[str, list[Any]] = field(default_factory=dict)
    is_parsed: bool = True


@dataclass(frozen=True, slots=True)
class Sifted:
    """What a cell gave.

    Attributes
    ----------
    problems : list of str
        One sentence for each name that was asked for and could not be had.
    """

    params: dict[str, JsonValue] = field(default_factory=dict)
    metrics: dict[str, float | int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def sift(
    bindings: CellBindings,
    namespace: Mapping[str, Any],
    *,
    last_value: Any = None,
    params: Iterable[str] = (),
    metrics: Iterable[str] = (),
) -> Sifted:
    """Pick a cell's params and metrics out of the namespace that it left.

    Parameters
    ----------
    bindings : CellBindings
        What the cell's source binds.
    namespace : mapping
        The user's names, after the cell.
    last_value : object
        Of the cell's last expression; a dict of names to numbers gives metrics.
    params, metrics : iterable of str
        Names asked for with ``-p`` and ``-m``; attributes by dots.

    Returns
    -------
    Sifted
    """
    params, metrics = list(params), list(metrics)
    found = Sifted()
    asked = {*params, *metrics}
    _add_bound(found, bindings, namespace, asked)
    _add_entries(found, last_value)
    for name in params:
        _add_asked(found, name, namespace, "param")
    for name in metrics:
        _add_asked(found, name, namespace, "metric")
    return found


def _add_bound(
    found: Sifted,
    bindings: CellBindings,
    namespace: Mapping[str, Any],
    asked: set[str],
) -> None:
    computed = dict.fromkeys(bindings.computed)
    for name in bindings.literals:
        if name not in asked and name in namespace:
            value = namespace[name]
            if _is_one_of(value, bindings.alternatives.get(name, ())):
                _add_param(found, name, value)
                computed.pop(name, None)
            else:
                # Something else than the literal is there now: it was computed.
                computed[name] = None
    for name in computed:
        if name not in asked and name in namespace and is_number(namespace[name]):
            found.metrics[name] = as_number(namespace[name])


def _add_param(found: Sifted, name: str, value: Any) -> None:
    try:
        found.params[name] = as_param(value)
    except InvalidInputError:
        # A literal without JSON form, such as bytes: nobody asked for it.
        return


def _add_entries(found: Sifted, last_value: Any) -> None:
    if not isinstance(last_value, dict) or not last_value:
        return
    entries = list(last_value.items())
    if not all(isinstance(key, str) and is_number(value) for key, value in entries):
        return
    for key, value in entries:
        try:
            found.metrics[check_key(key, "metric")] = as_number(value)
        except InvalidInputError as error:
            found.problems.append(str(error))


def _add_asked(
    found: Sifted, name: str, namespace: Mapping[str, Any], noun: str
) -> None:
    convert: Callable[[Any, str], Any] = as_param if noun == "param" else as_number
    into: dict[str, Any] = found.params if noun == "param" else found.metrics
    try:
        into[check_key(name, noun)] = convert(_look_up(name, namespace), name)
    except (_Missing, InvalidInputError) as error:
        found.problems.append(f"{noun.capitalize()} not recorded: {error}")
    except Exception as error:  # noqa: BLE001 - a user's object may raise anything
        found.problems.append(
            f"{noun.capitalize()} not recorded: '{name}' raised "
            f"{type(error).__name__} when it was read."
        )


class _Missing(Exception):  # noqa: N818 - carries a sentence, never leaves this file
    """Why an asked-for name stands for nothing."""


def _look_up(name: str, namespace: Mapping[str, Any]) -> Any:
    first, *rest = parts = name.split(".")
    if not all(part.isidentifier() and not keyword.iskeyword(part) for part in parts):
        raise _Missing(
            f"'{name}' is no name. Only names and their attributes can be asked for, "
            f"such as auc or model.C; bind anything else to a name first."
        )
    if first not in namespace:
        known = (str(key) for key in namespace)
        shown = [k for k in known if k[:1] != "_" and k not in _SHELL_NAMES]
        raise _Missing(f"there is no '{first}' after the cell.{nearest(first, shown)}")
    value = namespace[first]
    for at, part in enumerate(rest, start=1):
        owner = ".".join(parts[:at])
        try:
            value = getattr(value, part)
        except AttributeError:
            raise _Missing(
                f"'{owner}' has no attribute '{part}'.{_nearest_of(value, part)}"
            ) from None
    return value


def _nearest_of(value: Any, part: str) -> str:
    try:
        return nearest(part, [name for name in dir(value) if name[:1] != "_"])
    except Exception:  # noqa: BLE001 - a user's __dir__ may raise anything
        return ""


def _is_one_of(value: Any, literals: Iterable[Any]) -> bool:
    try:
        return any(_is_same(value, literal) for literal in literals)
    except Exception:  # noqa: BLE001 - a container may hold a user's odd __eq__
        return False


def _is_same(value: Any, literal: Any) -> bool:
    return type(value) is type(literal) and bool(value == literal)
