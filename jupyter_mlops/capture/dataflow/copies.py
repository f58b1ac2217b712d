"""Copies of objects, shallow and deep."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_mlops.capture.dataflow.heap import Kind, Obj, Value, reach

if TYPE_CHECKING:
    from jupyter_mlops.capture.dataflow.run import CellRun

_NOT_COPIED = frozenset({Kind.MODULE, Kind.FUNCTION, Kind.CLASS})


def copy_shallow(run: CellRun, value: Value, node: object) -> Value:
    """Copy objects that go on holding what the originals hold."""
    made = set()
    for source in value:
        copy = _twin(run, source, node)
        if copy is not source:
            run.hold(frozenset((copy,)), frozenset(source.children))
            for name, held in source.fields.items():
                run.set_field(copy, name, held)
        made.add(copy)
    return frozenset(made)


def copy_deep(run: CellRun, value: Value, node: object) -> Value:
    """Copy the part of the heap that `value` reaches."""
    made = {source: _twin(run, source, node) for source in reach(value)}
    for source, copy in made.items():
        if copy is source:
            continue
        for child in list(source.children):
            run.link(copy, made.get(child, child))
        for name, held in source.fields.items():
            run.set_field(copy, name, frozenset(made.get(one, one) for one in held))
    return frozenset(made.get(obj, obj) for obj in value)


def _twin(run: CellRun, source: Obj, node: object) -> Obj:
    if source.kind in _NOT_COPIED:
        return source
    copy = run.make(
        (node, source),
        source.kind,
        lib=source.lib,
        name=source.name,
        traits=source.traits,
    )
    copy.is_loose, copy.code = source.is_loose, source.code
    copy.scope, copy.node, copy.types = source.scope, source.node, source.types
    return copy
