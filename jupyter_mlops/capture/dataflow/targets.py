"""Where values are put: names, attributes, items and patterns."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from jupyter_mlops.capture.dataflow import attributes
from jupyter_mlops.capture.dataflow.callbacks import consume
from jupyter_mlops.capture.dataflow.constants import constant
from jupyter_mlops.capture.dataflow.heap import (
    NOTHING,
    Binding,
    Kind,
    Obj,
    Value,
    elements,
)
from jupyter_mlops.capture.dataflow.names import read_name
from jupyter_mlops.capture.dataflow.namespaces import (
    is_namespace_item,
    store_namespace_item,
)

if TYPE_CHECKING:
    from jupyter_mlops.capture.dataflow.run import CellRun


def assign(
    run: CellRun, target: ast.expr, value: Value, source: ast.expr | None = None
) -> None:
    """Put `value`, which `source` evaluated to, where `target` says."""
    if isinstance(target, ast.Name):
        assign_name(run, target.id, value, source)
    elif isinstance(target, ast.Tuple | ast.List):
        _unpack(run, target, value, source)
    elif isinstance(target, ast.Starred):
        packed = run.make(target, Kind.DATA, elements(value) | value)
        assign(run, target.value, frozenset((packed,)))
    elif isinstance(target, ast.Attribute):
        base = run.interpreter.evaluate(run, target.value)
        attributes.store(run, target, base, value)
    elif isinstance(target, ast.Subscript):
        if is_namespace_item(run, target):
            store_namespace_item(run, target, value)
            return
        base = run.interpreter.evaluate(run, target.value)
        run.interpreter.evaluate(run, target.slice)
        attributes.store_item(run, target, base, value)


def assign_name(
    run: CellRun, name: str, value: Value, source: ast.expr | None = None
) -> None:
    """Bind a name, with the text or number when the code fixes it."""
    const = constant(run, source) if source is not None else None
    run.bind_name(name, value, const)


def _unpack(
    run: CellRun,
    target: ast.Tuple | ast.List,
    value: Value,
    source: ast.expr | None,
) -> None:
    parts = target.elts
    is_starred = any(isinstance(part, ast.Starred) for part in parts)
    if isinstance(source, ast.Tuple) and not is_starred:
        is_plain = not any(isinstance(item, ast.Starred) for item in source.elts)
        if is_plain and len(source.elts) == len(parts):
            _pair(run, parts, source.elts, value)
            return
    items = {obj: consume(run, target, frozenset((obj,))) for obj in value}
    for place, part in enumerate(parts):
        held: Value = NOTHING
        for obj in value:
            found = None if is_starred else _part(run, obj, place)
            held |= items[obj] if found is None else found
        assign(run, part, held)


def _part(run: CellRun, obj: Obj, place: int) -> Value | None:
    """Give the item at a place, if the items are told apart."""
    if attributes.is_keyed(obj) and str(place) in obj.fields:
        return obj.fields[str(place)]
    if "split" in obj.traits:
        return frozenset((attributes.part_of(run, obj, place),))
    return None


def _pair(
    run: CellRun, parts: list[ast.expr], sources: list[ast.expr], value: Value
) -> None:
    """Assign ``a, b = x, y``: all values were computed before the first is bound."""
    consts = [constant(run, source) for source in sources]
    for place, (part, const) in enumerate(zip(parts, consts, strict=True)):
        held: Value = NOTHING
        for obj in value:
            held |= obj.fields.get(str(place), frozenset(obj.children))
        if isinstance(part, ast.Name):
            run.bind_name(part.id, held, const)
        else:
            assign(run, part, held, sources[place])


def delete(run: CellRun, target: ast.expr) -> None:
    """Take away a name, attribute or item."""
    if isinstance(target, ast.Name):
        read_name(run, target.id)
        key = run.key_of(target.id)
        gone = Binding(
            {run.index: "deletes"}, wild=len(run.world.wild), is_deleted=True
        )
        run.bind(key, gone)
    elif isinstance(target, ast.Tuple | ast.List):
        for part in target.elts:
            delete(run, part)
    elif isinstance(target, ast.Attribute):
        attributes.store(
            run, target, run.interpreter.evaluate(run, target.value), NOTHING
        )
    elif isinstance(target, ast.Subscript):
        if is_namespace_item(run, target):
            run.give_up("deletes a name by way of the namespace")
            return
        base = run.interpreter.evaluate(run, target.value)
        run.interpreter.evaluate(run, target.slice)
        attributes.store_item(run, target, base, NOTHING)
