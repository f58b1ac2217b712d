"""Telling cells that only set things up from cells that do work."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from jupyter_mlops.capture.dataflow.constants import dotted_path
from jupyter_mlops.capture.dataflow.knowledge.libraries import SETS_OPTIONS
from jupyter_mlops.capture.dataflow.knowledge.magics import SETTINGS
from jupyter_mlops.capture.dataflow.knowledge.randomness import SEEDING

if TYPE_CHECKING:
    from jupyter_mlops.capture.dataflow.run import CellRun

_INERT = (ast.Import, ast.ImportFrom, ast.Pass, ast.Global)


def is_setup(run: CellRun, body: list[ast.stmt]) -> bool:
    """Tell whether statements only import, define, seed and set options."""
    return all(_prepares(run, statement) for statement in body)


def _prepares(run: CellRun, node: ast.stmt) -> bool:
    if isinstance(node, _INERT):
        return True
    if isinstance(node, ast.FunctionDef):
        defaults = [*node.args.defaults, *node.args.kw_defaults]
        return not node.decorator_list and all(map(_is_constant, defaults))
    if isinstance(node, ast.Assign):
        return _is_constant(node.value) and all(
            isinstance(target, ast.Name | ast.Attribute | ast.Subscript)
            for target in node.targets
        )
    if not isinstance(node, ast.Expr):
        return False
    if isinstance(node.value, ast.Constant):
        return True
    return isinstance(node.value, ast.Call) and _sets(run, node.value)


def _sets(run: CellRun, node: ast.Call) -> bool:
    if not all(map(_is_constant, [*node.args, *[one.value for one in node.keywords]])):
        return False
    path = dotted_path(run, node.func)
    if path in SETS_OPTIONS or path in SEEDING:
        return True
    first = node.args[0] if node.args else None
    return (
        isinstance(node.func, ast.Attribute)
        and node.func.attr == "run_line_magic"
        and isinstance(first, ast.Constant)
        and first.value in SETTINGS
    )


def _is_constant(node: ast.expr | None) -> bool:
    return node is None or not any(
        isinstance(inner, ast.Name | ast.Call | ast.Await | ast.NamedExpr | ast.Lambda)
        for inner in ast.walk(node)
    )
