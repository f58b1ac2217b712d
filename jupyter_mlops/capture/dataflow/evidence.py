"""What was seen at run time, put beside what the text says.

It adds effects that the text does not show. It takes back only bindings that the text
leaves open: a branch that ran or did not, a cell that failed somewhere.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jupyter_mlops.capture.dataflow.heap import Binding, Kind, Obj
from jupyter_mlops.capture.dataflow.settings import mark_touched

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jupyter_mlops.capture.dataflow.cells import ExecutedCell
    from jupyter_mlops.capture.dataflow.run import CellRun

_OF_IPYTHON = re.compile(r"_{1,3}|_i{1,3}|_i?\d+|_ih|_oh|_dh|In|Out|exit|quit")


def apply_evidence(run: CellRun, cell: ExecutedCell) -> None:
    """Correct the bindings and states of a cell by what was seen of it."""
    seen = cell.evidence
    if seen is None:
        return
    if seen.bound is not None:
        _settle_open(run, seen.bound, seen.unsure)
        _bind_unseen(run, seen.bound)
        if run.blind:
            _doubt(run, seen.unsure)
    for name in seen.deleted or ():
        binding = run.lookup(name)
        if binding is not None and not binding.is_deleted:
            run.bind(name, _gone(run))
    _change_names(run, seen.changed)
    mark_touched(run, seen.touched)


def _gone(run: CellRun) -> Binding:
    return Binding({run.index: "deletes"}, wild=len(run.world.wild), is_deleted=True)


def _settle_open(run: CellRun, bound: frozenset[str], unsure: frozenset[str]) -> None:
    """Decide the bindings that a branch may or may not have made."""
    layer = run.layers[0]
    for name, binding in list(layer.now.items()):
        if not isinstance(name, str) or name.startswith("$"):
            continue
        if run.index not in binding.writers or len(binding.writers) == 1:
            continue
        before = run.world.names.get(name)
        if name in bound:
            own = layer.ever[name]
            writers = {run.index: binding.writers[run.index]}
            layer.now[name] = Binding(writers, own.value, None, own.wild)
        elif name in unsure:
            continue
        elif before is not None and not before.is_deleted:
            layer.now[name] = before


def _bind_unseen(run: CellRun, bound: Iterable[str]) -> None:
    for name in sorted(bound):
        if _OF_IPYTHON.fullmatch(name):
            continue
        binding = run.lookup(name)
        is_known = binding is not None and run.index in binding.writers
        if not is_known:
            value = _anything(run)
        elif run.blind and binding is not None:
            value = binding.value | _anything(run)
        else:
            continue
        writers = {run.index: "defines"}
        run.bind(name, Binding(writers, value, None, len(run.world.wild)))


def _doubt(run: CellRun, unsure: Iterable[str]) -> None:
    """Let names stand for anything that unreadable code may have made, too."""
    for name in sorted(unsure):
        writers = {run.index: "may define"}
        wild = len(run.world.wild)
        run.bind_also(name, Binding(writers, _anything(run), None, wild))


def _anything(run: CellRun) -> frozenset[Obj]:
    """Give what may be any object that the cell has met."""
    if run.blind:
        return frozenset((run.world.opaque,))
    place = ("unseen", run.index)
    obj = run.make(place, Kind.UNKNOWN, list(run.seen), lib="?")
    return frozenset((obj,))


def _change_names(run: CellRun, changed: Iterable[str]) -> None:
    for name in changed:
        binding = run.lookup(name)
        if binding is None or run.index in binding.writers:
            continue
        run.need(binding.writers, name)
        run.read_value(binding.value, name)
        movable = [obj for obj in binding.value if obj.kind is not Kind.MODULE]
        run.change(movable)
        if not movable:
            writers = {**binding.writers, run.index: "changes"}
            run.bind(name, Binding(writers, binding.value, None, binding.wild))
