"""The params of an estimator that the user set: those that differ from the default.

Read from the attributes that hold them, not by `get_params`: XGBoost's draws from the
user's random state, and a subclass's may do anything.
"""

from __future__ import annotations

import inspect
import json
from typing import TYPE_CHECKING, Any

from jupyter_mlops.capture.params import as_param
from jupyter_mlops.errors import InvalidInputError

if TYPE_CHECKING:
    from jupyter_mlops.records import JsonValue

_LIMIT = 100
_DEPTH = 5
_LENGTH = 1_000
"""Characters of one param's JSON; what is longer is told by its type."""
_NONE = inspect.Parameter.empty
_MISSING = object()


def set_params(estimator: Any) -> dict[str, JsonValue]:
    """Return an estimator's params that differ from their defaults.

    Parts are flattened as scikit-learn names them: ``clf`` is the class of a step,
    ``clf__C`` a param of it.
    """
    found: dict[str, JsonValue] = {}
    _add(found, estimator, "", _DEPTH)
    return found


def plain_param(value: Any) -> JsonValue:
    """Return the JSON form of a param, else the name of its type."""
    try:
        plain = as_param(value)
    except InvalidInputError:
        return _described(value)
    if isinstance(plain, str | list | dict):
        text = plain if isinstance(plain, str) else json.dumps(plain)
        if len(text) > _LENGTH:
            return _described(value)
    return plain


def _add(found: dict[str, JsonValue], estimator: Any, prefix: str, depth: int) -> None:
    for name, (value, default) in _own(estimator).items():
        if len(found) >= _LIMIT:
            return
        if not _is_same(value, default):
            _add_value(found, prefix + name, value, prefix, depth)


def _add_value(
    found: dict[str, JsonValue], key: str, value: Any, prefix: str, depth: int
) -> None:
    if depth and _is_estimator(value):
        found[key] = type(value).__name__
        _add(found, value, f"{key}__", depth - 1)
        return
    parts = _parts(value) if depth else []
    if not parts:
        found[key] = plain_param(value)
    for name, part in parts:
        # Steps are named beside the params, as get_params does.
        inner = prefix + name
        if _is_estimator(part):
            found[inner] = type(part).__name__
            _add(found, part, f"{inner}__", depth - 1)
        else:
            found[inner] = plain_param(part)


def _own(estimator: Any) -> dict[str, tuple[Any, Any]]:
    """Return value and default of each param."""
    attributes = vars(estimator)
    found: dict[str, tuple[Any, Any]] = {}
    for cls in type(estimator).__mro__:
        init = vars(cls).get("__init__")
        if init is None or cls is object:
            continue
        takes_more = False
        for name, item in list(inspect.signature(init).parameters.items())[1:]:
            if item.kind is item.VAR_KEYWORD:
                takes_more = True
            elif item.kind is not item.VAR_POSITIONAL and name not in found:
                # Some keep a param under another name: then it is passed over.
                value = attributes.get(name, _MISSING)
                if value is not _MISSING:
                    found[name] = (value, item.default)
        if not takes_more:
            break
    for held in ("kwargs", "_other_params"):
        more = attributes.get(held)
        if isinstance(more, dict):
            found.update({str(key): (value, None) for key, value in more.items()})
    return found


def _is_same(value: Any, default: Any) -> bool:
    if value is default:
        return True
    if default is _NONE or type(value) is not type(default):
        return False
    if isinstance(value, float) and value != value:  # noqa: PLR0124 - NaN alone does so
        return bool(default != default)  # noqa: PLR0124 - as above
    try:
        return bool(value == default)
    except Exception:  # noqa: BLE001 - a user's class may raise anything here
        return False


def _is_estimator(value: Any) -> bool:
    # Kernels of Gaussian processes are no estimators, and have params all the same.
    return hasattr(type(value), "get_params") and not isinstance(value, type)


def _parts(value: Any) -> list[tuple[str, Any]]:
    """Return the named parts of a pipeline, a union or an ensemble."""
    if not isinstance(value, list | tuple) or not value:
        return []
    is_named = all(
        isinstance(item, tuple)
        and len(item) >= 2  # noqa: PLR2004 - name and part; columns may follow
        and isinstance(item[0], str)
        for item in value
    )
    if not is_named or not any(_is_estimator(item[1]) for item in value):
        return []
    return [(item[0], item[1]) for item in value]


def _described(value: Any) -> str:
    name = type(value).__qualname__
    try:
        return f"{name} of {len(value)}"
    except Exception:  # noqa: BLE001 - many have no length, a user's may raise anything
        return name
