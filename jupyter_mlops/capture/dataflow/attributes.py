"""Attributes and items: what loading one gives, and what storing one changes."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from jupyter_mlops.capture.dataflow.arguments import Args
from jupyter_mlops.capture.dataflow.classes import (
    CLASS,
    ITEMS,
    class_value,
    has_foreign_base,
    use_operators,
)
from jupyter_mlops.capture.dataflow.functions import call_function
from jupyter_mlops.capture.dataflow.heap import NOTHING, Kind, Obj, Value
from jupyter_mlops.capture.dataflow.knowledge.methods import (
    CHANGING_METHODS,
    COPYING_PARTS,
    VIEWING,
)
from jupyter_mlops.capture.dataflow.settings import patch, read_module_item

if TYPE_CHECKING:
    from jupyter_mlops.capture.dataflow.run import CellRun

PLOTTER = "plotter"
ACCESSORS = {"plot": PLOTTER, "style": "styler"}
"""Attributes of frames that are objects of their own, with methods of their own."""

_SHARED = frozenset({Kind.LIB, Kind.ESTIMATOR, Kind.FIGURE, Kind.RNG, Kind.HANDLE})


def load(run: CellRun, node: ast.Attribute, base: Value, name: str) -> Value:
    """Give what the attribute `name` of `base` may be."""
    found: set[Obj] = set()
    for obj in base:
        found |= load_one(run, node, obj, name)
    return frozenset(found)


def load_one(run: CellRun, node: object, obj: Obj, name: str) -> Value:
    """Give what the attribute `name` of one object may be."""
    if obj.kind is Kind.MODULE:
        module = run.world.module(f"{obj.name}.{name}")
        run.touch(module.lib)
        return run.read_state(f"$patched {module.name}", module.name) | {module}
    if obj.kind is Kind.INSTANCE or obj.kind is Kind.CLASS:
        return _load_user(run, node, obj, name)
    if obj.kind is Kind.FUNCTION:
        return obj.fields.get(name, NOTHING)
    if obj.kind is Kind.OPAQUE:
        return frozenset((obj,))
    if obj.kind is Kind.DATA:
        return frozenset((bound(run, node, obj, name),)) | frozenset(obj.children)
    if obj.kind is Kind.LIB and name in ACCESSORS:
        accessor = run.make((node, obj, name), Kind.LIB, (obj,), lib=ACCESSORS[name])
        return frozenset((accessor,))
    obj.is_viewed |= name in VIEWING
    found = {obj, *obj.children}
    if obj.kind not in _SHARED or name in CHANGING_METHODS:
        found.add(bound(run, node, obj, name))
    return frozenset(found)


def bound(run: CellRun, node: object, obj: Obj, name: str) -> Obj:
    """Create a method that remembers its receiver."""
    method = run.make((node, obj, name), Kind.BOUND, (obj,), name=name)
    run.set_field(method, "self", frozenset((obj,)))
    return method


def _load_user(run: CellRun, node: object, obj: Obj, name: str) -> Value:
    if name == "__class__" and obj.kind is Kind.INSTANCE:
        return obj.fields.get(CLASS, NOTHING)
    if name == "__dict__":
        return frozenset((obj,))
    found: set[Obj] = set(obj.fields.get(name, NOTHING))
    if obj.is_loose:
        found.update(obj.children)
    this = frozenset((obj,))
    for value in class_value(obj, name):
        if value.kind is not Kind.FUNCTION or obj.kind is Kind.CLASS:
            found.add(value)
        elif "property" in value.traits:
            found |= call_function(run, value, Args([this]), (node, value), this=this)
        else:
            found.add(bound(run, node, obj, name))
    if not found or obj.is_loose:
        for hook in ("__getattr__", "__getattribute__"):
            for value in class_value(obj, hook):
                if value.kind is Kind.FUNCTION:
                    args = Args([this, NOTHING])
                    found |= call_function(run, value, args, (node, value), this=this)
    if has_foreign_base(obj) and name not in obj.fields:
        found |= {obj, bound(run, node, obj, name)}
    return frozenset(found)


def load_item(run: CellRun, node: ast.Subscript, base: Value) -> Value:
    """Give what an item or slice of `base` may be."""
    found: set[Obj] = set(use_operators(run, node, base, ITEMS))
    key = node.slice.value if isinstance(node.slice, ast.Constant) else None
    for obj in base:
        if obj.kind is Kind.MODULE:
            found |= read_module_item(run, obj)
        elif is_keyed(obj) and is_key(key) and str(key) in obj.fields:
            found |= obj.fields[str(key)]
        elif obj.kind is Kind.DATA and isinstance(node.slice, ast.Slice):
            found.add(run.make(node, Kind.DATA, obj.children))
        elif obj.kind is Kind.LIB and isinstance(node.slice, COPYING_PARTS):
            # A list of columns or a mask: pandas and numpy copy what it selects.
            found.add(run.make((node, obj), Kind.LIB, obj.children, lib=obj.lib))
        elif "split" in obj.traits and isinstance(key, int) and key >= 0:
            found.add(part_of(run, obj, key))
        else:
            found |= {*obj.children} if obj.kind is Kind.DATA else {obj, *obj.children}
    return frozenset(found)


def is_keyed(obj: Obj) -> bool:
    """Tell whether the items of `obj` are known by their keys."""
    return "keyed" in obj.traits and not obj.is_loose


def is_key(key: object) -> bool:
    """Tell whether no other literal is equal to this key."""
    return type(key) in (str, int)


def part_of(run: CellRun, obj: Obj, place: int) -> Obj:
    """Give one of the separate objects that a call returned together."""
    known = obj.fields.get(f"part {place}")
    if known:
        (part,) = known
        return part
    part = Obj(obj.kind, lib=obj.lib, is_summary=obj.is_summary)
    run.set_field(obj, f"part {place}", frozenset((part,)))
    for child in list(obj.children):
        if not child.name.startswith("part"):
            run.link(part, child)
    part.name = f"part {place}"
    return part


def store(run: CellRun, target: ast.Attribute, base: Value, value: Value) -> None:
    """Set (or delete) an attribute of `base`."""
    for obj in base:
        store_one(run, target, obj, value, target)


def store_one(
    run: CellRun, target: ast.Attribute, obj: Obj, value: Value, node: object
) -> None:
    """Set (or delete) an attribute of one object."""
    name = target.attr
    if obj.kind is Kind.MODULE:
        patch(run, run.world.module(f"{obj.name}.{name}"), value, key=name)
        return
    if obj.kind is Kind.OPAQUE:
        run.give_up("changes an object that unreadable code has made")
    run.change((obj,))
    if obj.kind in (Kind.INSTANCE, Kind.CLASS, Kind.FUNCTION):
        run.set_field(obj, name, value)
        _run_setters(run, node, obj, name, value)
    else:
        keep(run, obj, value)


def _run_setters(run: CellRun, node: object, obj: Obj, name: str, value: Value) -> None:
    if obj.kind is not Kind.INSTANCE:
        return
    this = frozenset((obj,))
    for hook in (name, "__setattr__", "__delattr__"):
        for found in class_value(obj, hook):
            is_setter = hook != name or "property" in found.traits
            if found.kind is Kind.FUNCTION and is_setter:
                places = [this, value] if hook == name else [this, NOTHING, value]
                call_function(run, found, Args(places), (node, found), this=this)


def store_item(run: CellRun, target: ast.Subscript, base: Value, value: Value) -> None:
    """Set (or delete) an item or slice of `base`."""
    use_operators(run, target, base, ITEMS)
    part = target.slice
    for obj in base:
        if obj.kind is Kind.MODULE:
            key = part.value if isinstance(part, ast.Constant) else None
            patch(run, obj, value, key=key if isinstance(key, str) else None)
            continue
        if obj.kind is Kind.OPAQUE:
            run.give_up("changes an object that unreadable code has made")
        run.change((obj,))
        if is_keyed(obj) and isinstance(part, ast.Constant) and is_key(part.value):
            run.set_field(obj, str(part.value), value)
        else:
            obj.is_loose = True
            keep(run, obj, value)
    for obj in value:
        if isinstance(part, ast.Slice):
            run.hold(base, frozenset(obj.children))


def keep(run: CellRun, obj: Obj, value: Value) -> None:
    """Note that `obj` now holds `value`; frames and arrays copy what they take."""
    if obj.kind is not Kind.LIB:
        run.hold(frozenset((obj,)), value)
        return
    for child in value:
        if child.kind is Kind.LIB:
            run.hold(frozenset((obj,)), frozenset(child.children))
        else:
            run.link(obj, child)
