"""A value drawn as text, shared parts numbered: equal when two values are alike."""

from __future__ import annotations

import types
import weakref


def picture(value):
    """Draw what can be reached from a value, shared parts numbered."""
    seen = {}
    return _picture(value, seen)


def _picture(value, seen):
    if isinstance(value, int | float | str | bool | None):
        return repr(value)
    if isinstance(value, types.FunctionType | types.BuiltinFunctionType):
        cells = [
            _contents(one, seen) for one in getattr(value, "__closure__", None) or ()
        ]
        return f"{value.__name__}{cells}"
    if isinstance(value, weakref.WeakKeyDictionary):
        # A cache, in no order.
        return "weak"
    if id(value) in seen:
        return f"#{seen[id(value)]}"
    seen[id(value)] = len(seen)
    if isinstance(value, list | tuple):
        return f"[{', '.join(_picture(one, seen) for one in value)}]"
    if isinstance(value, dict):
        items = sorted(value.items(), key=lambda item: str(item[0]))
        return str({str(key): _picture(one, seen) for key, one in items})
    if isinstance(value, type):
        fields = {k: v for k, v in vars(value).items() if k in ("items", "count")}
        return f"class {value.__name__} {_picture(fields, seen)}"
    if hasattr(value, "__dict__"):
        return f"{type(value).__name__}{_picture(vars(value), seen)}"
    return type(value).__name__


def _contents(cell, seen):
    try:
        return _picture(cell.cell_contents, seen)
    except ValueError:
        return "empty"
