"""The literals that a recipe's cells bind, and the recipe with others instead."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from jupyter_mlops.pipeline.parameter_values import KINDS
from jupyter_mlops.pipeline.parameters import Parameter

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_MAGIC = re.compile(r"^\s*[%!?].*$", re.MULTILINE)
_NAMES = {kind: name for name, kind in KINDS.items()}


class _Place(NamedTuple):
    """Where a name is bound to a literal: lines from 1, columns in bytes."""

    name: str
    value: Any
    lines: tuple[int, int]
    columns: tuple[int, int]


def recipe_parameters(
    document: Mapping[str, Any], params: Mapping[str, Any]
) -> list[Parameter]:
    """Say which literals of a recipe may be changed, those of its run's params first.

    Parameters
    ----------
    params : mapping
        What the run recorded.
    """
    bound: dict[str, Any] = {}
    for cell in document["cells"]:
        bound.update((place.name, place.value) for place in _places(_source(cell)))
    order = [name for name in params if name in bound]
    order += [name for name in bound if name not in params]
    return [
        Parameter(
            name=name,
            kind=_NAMES.get(type(bound[name]), ""),
            default=bound[name],
            has_default=True,
            default_source=repr(bound[name]),
            is_optional=bound[name] is None,
        )
        for name in order
    ]


def with_values(
    document: Mapping[str, Any], values: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the recipe with other literals wherever one of the names is bound."""
    cells = [
        {**cell, "source": _filled(_source(cell), values)}
        if cell["cell_type"] == "code"
        else cell
        for cell in document["cells"]
    ]
    return {**document, "cells": cells}


def _source(cell: Mapping[str, Any]) -> str:
    return "".join(cell["source"]) if cell["cell_type"] == "code" else ""


def _filled(source: str, values: Mapping[str, Any]) -> str:
    lines = source.encode("utf-8", "surrogatepass").splitlines(keepends=True)
    # From the end, so that places before stay where they are.
    for place in reversed(list(_places(source))):
        if place.name not in values:
            continue
        first, last = (line - 1 for line in place.lines)
        text = repr(values[place.name]).encode("utf-8", "surrogatepass")
        head, tail = lines[first][: place.columns[0]], lines[last][place.columns[1] :]
        lines[first : last + 1] = [head + text + tail]
    return b"".join(lines).decode("utf-8", "surrogatepass")


def _places(source: str) -> Iterator[_Place]:
    try:
        # Magics keep their lines, so that all others keep their numbers.
        tree = ast.parse(_MAGIC.sub("", source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for node in tree.body:
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            target, value = node.targets[0], node.value
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            target, value = node.target, node.value
        else:
            continue
        if isinstance(target, ast.Name) and not target.id.startswith("_"):
            yield from _literal(target.id, value)


def _literal(name: str, node: ast.expr) -> Iterator[_Place]:
    try:
        value = ast.literal_eval(node)
    except (ValueError, TypeError, MemoryError, RecursionError):
        return
    if type(value) in (*KINDS.values(), type(None)):
        lines = (node.lineno, node.end_lineno or node.lineno)
        yield _Place(name, value, lines, (node.col_offset, node.end_col_offset or 0))
