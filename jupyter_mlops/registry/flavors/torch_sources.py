"""The source of a model's classes, with what it uses.

For people to read, and to be run only at a caller's word. Found also when a class
stands in a notebook's cell.
"""

from __future__ import annotations

import ast
import inspect
import linecache
import sys
from types import CodeType, FunctionType, ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_LIMIT = 100
"""Classes and functions that are followed."""
_CONSTANTS = (bool, int, float, str, bytes, tuple, type(None))


def sources_of(classes: Iterable[type]) -> str | None:
    """Return Python that defines these classes, None when one has no source.

    What they use of their own module is written before them; of other modules it is
    imported.
    """
    found = _Sources()
    try:
        for kind in classes:
            found.add(kind)
    except LookupError:
        return None
    return found.text()


class _Sources:
    def __init__(self) -> None:
        self._imports: dict[str, None] = {}
        self._texts: dict[str, str] = {}
        self._seen: set[str] = set()

    def text(self) -> str:
        return "\n\n".join(["\n".join(self._imports), *self._texts.values()]) + "\n"

    def add(self, value: Any) -> None:
        name = value.__qualname__
        if name in self._seen:
            return
        self._seen.add(name)
        if len(self._seen) > _LIMIT or "." in name:
            raise LookupError(name)
        text, names = _source(value), {}
        for code, globals_ in _codes(value):
            names.update(
                {key: globals_[key] for key in _names(code) if key in globals_}
            )
        for base in getattr(value, "__bases__", ()):
            names.setdefault(base.__name__, base)
        # Decorators, defaults and annotations are no part of any function's code.
        home = sys.modules.get(value.__module__)
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Name) and hasattr(home, node.id):
                names.setdefault(node.id, getattr(home, node.id))
        for key, used in names.items():
            self._use(key, used, value.__module__)
        self._texts[name] = text

    def _use(self, name: str, used: Any, home: str) -> None:
        module = getattr(used, "__module__", None)
        if isinstance(used, ModuleType):
            self._imports[f"import {used.__name__} as {name}"] = None
        elif isinstance(used, type | FunctionType) and module == home:
            self.add(used)
            if used.__qualname__ != name:
                self._texts[name] = f"{name} = {used.__qualname__}"
        elif module == "builtins":
            return
        elif module is not None and hasattr(sys.modules.get(module), name):
            self._imports[f"from {module} import {name}"] = None
        elif isinstance(used, _CONSTANTS):
            self._texts.setdefault(name, f"{name} = {used!r}")


def _codes(value: Any) -> Iterator[tuple[CodeType, dict[str, Any]]]:
    members = vars(value).values() if isinstance(value, type) else [value]
    for member in members:
        member = getattr(member, "__func__", getattr(member, "fget", member))  # noqa: PLW2901 - what a descriptor holds
        if isinstance(member, FunctionType):
            inner = inspect.unwrap(member)
            yield inner.__code__, inner.__globals__


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)


def _source(value: Any) -> str:
    """Return the source of a class or function, as it stands at its module's top."""
    for code, _ in _codes(value):
        lines = linecache.getlines(code.co_filename)
        if not lines:
            continue
        tree = ast.parse("".join(lines))
        for node in tree.body:
            is_it = getattr(node, "name", None) == value.__name__
            last = getattr(node, "end_lineno", None) or 0
            if is_it and node.lineno <= code.co_firstlineno <= last:
                decorators = getattr(node, "decorator_list", [])
                first = min([node.lineno, *(item.lineno for item in decorators)])
                return "".join(lines[first - 1 : last])
    raise LookupError(value.__name__)
