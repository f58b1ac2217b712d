"""What flavors of the same making say of a model: class, library, params."""

from __future__ import annotations

import sys
from typing import Any

_WIDTH = 200


def class_name(value: Any) -> str:
    """Return the full name of a value's class."""
    kind = type(value)
    return f"{kind.__module__}.{kind.__qualname__}"


def description(
    value: Any, library: str, module: str, params: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Return class, library, version, and params that are not the default."""
    return {
        "class": class_name(value),
        "library": library,
        "version": getattr(sys.modules.get(module), "__version__", None),
        "params": changed_params(value) if params is None else params,
    }


def changed_params(value: Any) -> dict[str, Any]:
    """Return the params of an estimator that are not its class's default."""
    import inspect

    try:
        params = value.get_params(deep=False)
        known = inspect.signature(type(value).__init__).parameters
    except Exception:  # noqa: BLE001 - a user's estimator may do anything here
        return {}
    changed = {}
    for name, param in params.items():
        # Those taken by **kwargs are None unless they are set.
        default = known[name].default if name in known else None
        if param is not default and not _is_equal(param, default):
            changed[name] = shown(param)
    return changed


def plain_params(value: Any) -> dict[str, Any]:
    """Return the params of an estimator that have a JSON form and are set."""
    return {
        name: param
        for name, param in value.get_params(deep=False).items()
        if is_plain(param) and param is not None and param == param  # noqa: PLR0124 - NaN is a usual default
    }


def is_plain(value: Any) -> bool:
    """Tell whether a value is made of nothing but JSON's types."""
    if isinstance(value, dict):
        return all(isinstance(key, str) and is_plain(value[key]) for key in value)
    if isinstance(value, list):
        return all(is_plain(item) for item in value)
    return value is None or type(value) in (bool, int, float, str)


def shown(param: Any) -> Any:
    """Return a param as it can be written in a line."""
    if param is None or isinstance(param, bool | int | float | str):
        return param
    text = repr(param)
    return text if len(text) <= _WIDTH else f"{text[: _WIDTH - 1]}…"


def _is_equal(param: Any, default: Any) -> bool:
    # NaN is a usual default, and equals nothing.
    if isinstance(param, float) and param != param:  # noqa: PLR0124 - NaN alone does so
        return True
    return type(param) is type(default) and repr(param) == repr(default)
