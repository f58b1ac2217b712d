"""Telling a library's objects by their class, without importing the library."""

from __future__ import annotations

from typing import Any


def is_of(value: Any, *classes: str) -> bool:
    """Tell whether a class of `value`, or one it inherits, has one of these names.

    Parameters
    ----------
    value : object
        Any object.
    *classes : str
        Names as ``package.Class``: the top package and the class's own name, so that
        a library may move the class between its modules.
    """
    for kind in type(value).__mro__:
        package = kind.__module__.partition(".")[0]
        if f"{package}.{kind.__name__}" in classes:
            return True
    return False
