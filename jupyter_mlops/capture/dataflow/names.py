"""What a name gives when it is read, builtins and IPython's own names included."""

from __future__ import annotations

import builtins
import re
from typing import TYPE_CHECKING

from jupyter_mlops.capture.dataflow.heap import NOTHING, Binding, Kind, Obj, Value

if TYPE_CHECKING:
    from jupyter_mlops.capture.dataflow.run import CellRun
    from jupyter_mlops.capture.dataflow.world import Wild

_BUILTINS = frozenset(dir(builtins)) | {"display", "get_ipython", "exit", "quit"}
_NUMBERED = re.compile(r"_i?\d+|In|Out|_ih|_oh|_dh|_i|_ii|_iii")


def read_name(run: CellRun, name: str) -> Value:
    """Depend on what `name` stands for here, in and out, and give it."""
    key = run.key_of(name)
    if not isinstance(key, str):
        binding = run.lookup(key)
        if binding is not None:
            run.need(binding.writers, name)
            run.read_value(binding.value, name)
            return binding.value
        if not key[0].is_class:
            return NOTHING
    return read_global(run, name)


def read_global(run: CellRun, name: str) -> Value:
    """Read `name` of the user's namespace."""
    binding = run.lookup(name)
    wild = run.world.wild
    if name in run.world.strays:
        _warn_of_stray(run, name, binding)
    if binding is not None:
        run.need(binding.writers, name)
        run.read_value(binding.value, name)
        if not binding.is_deleted and binding.wild == len(wild):
            return binding.value
    value = _known(run, name, binding)
    start = binding.wild if binding is not None else 0
    return value | _from_wild(run, name, wild[start:], is_known=bool(value))


def _warn_of_stray(run: CellRun, name: str, binding: Binding | None) -> None:
    is_own = binding is not None and run.index in binding.writers
    warning = (
        f"reads {name}, which was bound while no cell ran, as a widget, a thread or a "
        f"timer does; no recipe holds that"
    )
    if not is_own and warning not in run.warnings:
        run.warnings.append(warning)


def _known(run: CellRun, name: str, binding: Binding | None) -> Value:
    if binding is not None and not binding.is_deleted:
        return binding.value
    if name in _BUILTINS:
        return frozenset((run.world.module(f"builtins.{name}"),))
    if name in ("_", "__", "___"):
        _read_results(run, name)
        return NOTHING if name == "_" and not run.world.results else _free(run, name)
    if _NUMBERED.fullmatch(name):
        # The numbers are given by the order of execution, so all cells must run.
        run.need_all_before("the numbering of the cells")
        return _free(run, name)
    if run.world.wild or name.startswith("__"):
        return NOTHING
    return _free(run, name)


def _free(run: CellRun, name: str) -> Value:
    """Give the one object behind a name that no cell is known to have bound."""
    path = f"?{name}"
    obj = run.world.modules.get(path)
    if obj is None:
        obj = run.world.modules[path] = Obj(Kind.UNKNOWN, lib="?", name=name)
    run.read_value(frozenset((obj,)), name)
    return frozenset((obj,))


def _from_wild(run: CellRun, name: str, wild: list[Wild], *, is_known: bool) -> Value:
    found = set()
    for one in wild:
        run.need({one.cell: one.verb}, name)
        if one.module == "%magic" and is_known:
            # Another language's cell may bind names, but to nothing of the session.
            continue
        if one.module:
            found.add(run.world.module(f"{one.module}.{name}"))
        else:
            found.add(run.world.opaque)
    return frozenset(found)


def _read_results(run: CellRun, name: str) -> None:
    for cell, is_sure in reversed(run.world.results):
        run.need({cell: "shows"}, name)
        if is_sure and name == "_":
            return
