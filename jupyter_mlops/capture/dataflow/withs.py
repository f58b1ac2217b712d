"""``with``: what is entered, and what is set back at its end."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from jupyter_mlops.capture.dataflow import calls
from jupyter_mlops.capture.dataflow.arguments import Args
from jupyter_mlops.capture.dataflow.callbacks import consume
from jupyter_mlops.capture.dataflow.constants import dotted_path
from jupyter_mlops.capture.dataflow.heap import (
    CODE,
    NOTHING,
    Binding,
    Kind,
    Obj,
    Value,
)
from jupyter_mlops.capture.dataflow.knowledge.libraries import SETS_TEMPORARILY
from jupyter_mlops.capture.dataflow.settings import lib_of
from jupyter_mlops.capture.dataflow.targets import assign

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_mlops.capture.dataflow.run import CellRun


def enter_with(
    run: CellRun, node: ast.With | ast.AsyncWith, body: Callable[[], None]
) -> None:
    """Go through a ``with`` statement."""
    managers = []
    held: dict[str, Binding] = {}
    for item in node.items:
        call = item.context_expr
        path = dotted_path(run, call.func) if isinstance(call, ast.Call) else ""
        if path in SETS_TEMPORARILY:
            held |= _settings(run, path)
        value = run.interpreter.evaluate(run, call)
        entered = _enter(run, item, value)
        managers.append((item, value))
        if item.optional_vars is not None:
            assign(run, item.optional_vars, entered)
    # A manager may swallow an error, so that not all of the body has run.
    if all(_is_plain(value) for _, value in managers):
        body()
    else:
        with run.layer() as layer:
            body()
        run.maybe(layer)
    for item, value in reversed(managers):
        _leave(run, item, value)
    for key in _changed(run, held):
        run.bind(key, held.get(key) or Binding({}))


def _settings(run: CellRun, path: str) -> dict[str, Binding]:
    """Give what the settings that a manager sets back are before it is entered."""
    lib = lib_of(path)
    # The catch-all comes first, so that calls inside can be told from it.
    names = {run.set_setting(lib, "?"), *run.world.settings.get(lib, ())}
    if path == "contextlib.chdir":
        names = {"$cwd"}
    return {name: run.lookup(name) or Binding({}) for name in names}


def _changed(run: CellRun, held: dict[str, Binding]) -> set[str]:
    libs = {key.removeprefix("$set ").partition("|")[0] for key in held}
    names = set().union(*[run.world.settings.get(lib, set()) for lib in libs])
    return {key for key in names | held.keys() if run.lookup(key) is not held.get(key)}


def _is_plain(value: Value) -> bool:
    return all(obj.kind in (Kind.HANDLE, Kind.LIB) for obj in value)


def _enter(run: CellRun, item: ast.withitem, value: Value) -> Value:
    found: set[Obj] = set()
    for obj in value:
        one: Value = frozenset((obj,))
        if obj.kind is Kind.ITERATOR:
            found |= consume(run, item, one)
        elif obj.kind in CODE:
            name = "__enter__"
            found |= calls.call_methods(run, one, name, Args(), (item, name), None)
        else:
            found |= one | frozenset(obj.children)
            if obj.kind is Kind.UNKNOWN:
                run.change(one, "enters")
    return frozenset(found)


def _leave(run: CellRun, item: ast.withitem, value: Value) -> None:
    for obj in value:
        one: Value = frozenset((obj,))
        if obj.kind is Kind.ITERATOR:
            consume(run, item, one)
        elif obj.kind in CODE:
            args = Args([NOTHING, frozenset(run.raised), NOTHING])
            name = "__exit__"
            calls.call_methods(run, one, name, args, (item, name), None)
        elif obj.kind in (Kind.HANDLE, Kind.UNKNOWN):
            run.change(one, "closes")
