"""Names reached through ``globals()`` and its kin."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from jupyter_mlops.capture.dataflow.constants import text_of
from jupyter_mlops.capture.dataflow.heap import Binding, Value
from jupyter_mlops.capture.dataflow.names import read_global

if TYPE_CHECKING:
    from jupyter_mlops.capture.dataflow.run import CellRun


def is_namespace(run: CellRun, node: ast.expr) -> bool:
    """Tell whether `node` is a call that gives the user's namespace."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
        return False
    name = node.func.id
    if name not in ("globals", "locals", "vars") or node.args or node.keywords:
        return False
    if run.lookup(run.key_of(name)) is not None:
        return False
    return name == "globals" or run.frame is None


def is_namespace_item(run: CellRun, node: ast.Subscript) -> bool:
    """Tell whether `node` is an item of the user's namespace."""
    return is_namespace(run, node.value)


def load_namespace_item(run: CellRun, key: ast.expr) -> Value:
    """Read the name that `key` gives."""
    name = text_of(run, key)
    run.interpreter.evaluate(run, key)
    if name is None:
        run.give_up("reads a name that is built at run time")
        return frozenset()
    return read_global(run, name)


def store_namespace_item(run: CellRun, node: ast.Subscript, value: Value) -> None:
    """Bind the name that the item's key gives."""
    name = text_of(run, node.slice)
    run.interpreter.evaluate(run, node.slice)
    if name is None:
        run.give_up("binds a name that is built at run time")
        return
    writers = {run.index: "defines"}
    run.bind(name, Binding(writers, value, None, len(run.world.wild)))
