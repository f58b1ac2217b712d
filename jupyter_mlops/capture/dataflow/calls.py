"""What calling something does, by what it is that is called."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from jupyter_mlops.capture.dataflow import magics, methods
from jupyter_mlops.capture.dataflow.arguments import Args
from jupyter_mlops.capture.dataflow.attributes import load_one
from jupyter_mlops.capture.dataflow.builtin_calls import call_builtin
from jupyter_mlops.capture.dataflow.callbacks import call_back, call_bound
from jupyter_mlops.capture.dataflow.callsite import MethodCall
from jupyter_mlops.capture.dataflow.classes import (
    BASES,
    CLASS,
    class_value,
    has_foreign_base,
    instantiate,
    lookup,
)
from jupyter_mlops.capture.dataflow.functions import call_function
from jupyter_mlops.capture.dataflow.heap import NOTHING, Kind, Obj, Value
from jupyter_mlops.capture.dataflow.knowledge.libraries import PURE
from jupyter_mlops.capture.dataflow.library import call_path
from jupyter_mlops.capture.dataflow.namespaces import (
    is_namespace,
    load_namespace_item,
)
from jupyter_mlops.capture.dataflow.refits import forget_fits
from jupyter_mlops.capture.dataflow.unknown import call_unknown

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_mlops.capture.dataflow.run import CellRun


def evaluate_call(run: CellRun, node: ast.Call) -> Value:
    """Go through a call: what is called, its arguments, then what it does."""
    function = node.func
    if isinstance(function, ast.Attribute):
        if magics.is_shell_call(run, function):
            return magics.call_shell(run, node, function.attr)
        if function.attr == "get" and is_namespace(run, function.value) and node.args:
            for default in node.args[1:]:
                run.interpreter.evaluate(run, default)
            return load_namespace_item(run, node.args[0])
        forget_fits(run, node)
        receiver = run.interpreter.evaluate(run, function.value)
        args = gather(run, node)
        return call_methods(run, receiver, function.attr, args, node, function.value)
    callee = run.interpreter.evaluate(run, function)
    return call(run, callee, gather(run, node), node)


def gather(run: CellRun, node: ast.Call) -> Args:
    """Evaluate the arguments of a call."""
    args = Args()
    for item in node.args:
        value = run.interpreter.evaluate(run, item)
        if isinstance(item, ast.Starred):
            args.rest |= value
            args.is_open = True
        else:
            args.nodes[len(args.positional)] = item
            args.positional.append(value)
    for keyword in node.keywords:
        value = run.interpreter.evaluate(run, keyword.value)
        if keyword.arg is None:
            args.rest |= value | frozenset(c for one in value for c in one.children)
            args.is_open = True
        else:
            args.nodes[keyword.arg] = keyword.value
            args.named[keyword.arg] = value
    return args


def call(run: CellRun, callee: Value, args: Args, node: object) -> Value:
    """Call what `callee` may be and give what it may return."""
    if not callee:
        return call_unknown(run, "", NOTHING, args, node)
    return _each(run, callee, lambda obj: call_one(run, obj, args, node))


def call_one(run: CellRun, obj: Obj, args: Args, node: object) -> Value:
    """Call one object."""
    run.spend()
    if obj.kind is Kind.FUNCTION:
        return call_function(run, obj, args, node)
    if obj.kind is Kind.CLASS:
        return instantiate(run, obj, args, node)
    if obj.kind is Kind.MODULE:
        return _call_module(run, obj.name, args, node)
    if obj.kind is Kind.BOUND:
        return call_bound(run, node, obj, args)
    if obj.kind is Kind.INSTANCE:
        return _call_instance(run, obj, "__call__", args, node)
    if obj.kind is Kind.OPAQUE:
        run.give_up("calls something that comes from code that could not be read")
        return frozenset((obj,))
    if obj.kind is Kind.DATA:
        # No container can be called: it is not what this name stands for here.
        return NOTHING
    if obj.kind is Kind.LIB and obj.lib in PURE:
        return methods.call_method(run, MethodCall(obj, "apply", args, node))
    return call_unknown(run, obj.lib, frozenset((obj,)), args, node)


def _each(run: CellRun, value: Value, act: Callable[[Obj], Value]) -> Value:
    objs = list(value)
    if len(objs) == 1:
        return act(objs[0])
    ways = [lambda obj=obj: act(obj) for obj in objs]
    return frozenset().union(*run.either(*ways))


def _call_module(run: CellRun, path: str, args: Args, node: object) -> Value:
    if path.startswith("builtins.") and path != "builtins.open":
        return call_builtin(run, path.removeprefix("builtins."), args, node)
    return call_path(run, path, args, node)


def call_methods(
    run: CellRun,
    receiver: Value,
    name: str,
    args: Args,
    node: object,
    source: ast.expr | None,
) -> Value:
    """Call the method `name` of whatever `receiver` may be."""
    if not receiver:
        return methods.call_text_method(run, name, args, node)
    return _each(
        run, receiver, lambda obj: _call_method(run, obj, name, args, node, source)
    )


def _call_method(
    run: CellRun,
    obj: Obj,
    name: str,
    args: Args,
    node: object,
    source: ast.expr | None,
) -> Value:
    run.spend()
    if obj.kind is Kind.MODULE:
        found = load_one(run, node, obj, name)
        return _each(run, found, lambda one: call_one(run, one, args, node))
    if obj.kind is Kind.INSTANCE:
        return _call_instance(run, obj, name, args, node)
    if obj.kind is Kind.CLASS:
        return _call_on_class(run, obj, name, args, node)
    if obj.kind is Kind.BOUND and obj.name == "<super>":
        return _call_on_super(run, obj, name, args, node)
    if obj.kind is Kind.FUNCTION:
        own = obj.fields.get(name)
        return call(run, own, args, node) if own else NOTHING
    if obj.kind is Kind.BOUND and "self" in obj.fields:
        return NOTHING
    return methods.call_method(run, MethodCall(obj, name, args, node, source))


def _call_instance(
    run: CellRun, obj: Obj, name: str, args: Args, node: object
) -> Value:
    """Call a method of an instance of a user's class."""
    found: set[Obj] = set()
    is_known = False
    this: Value = frozenset((obj,))
    own = obj.fields.get(name, NOTHING)
    if own or obj.is_loose:
        loose = frozenset(obj.children) if obj.is_loose else NOTHING
        callables = own | frozenset(one for one in loose if one.kind in _CALLABLE)
        if callables:
            found |= call(run, callables, args, (node, "own"))
            is_known = bool(own)
    for value in class_value(obj, name):
        is_known = True
        found |= _call_found(run, obj, value, name, args, node)
    if not is_known:
        for hook in ("__getattr__", "__getattribute__"):
            for owner, function in _hooks(obj, hook):
                hooked = call_function(
                    run, function, Args([this, NOTHING]), node, this=this, owner=owner
                )
                found |= call(run, hooked, args, (node, hook))
    if not is_known and has_foreign_base(obj):
        found |= _call_inherited(run, obj, args, node)
    return frozenset(found)


_CALLABLE = frozenset({Kind.FUNCTION, Kind.BOUND, Kind.INSTANCE})


def _call_inherited(run: CellRun, obj: Obj, args: Args, node: object) -> Value:
    """Call a method that an instance has from a base that cannot be seen."""
    this: Value = frozenset((obj,))
    lib = _foreign_lib(obj)
    if lib not in PURE:
        return call_unknown(run, lib, this, args, node) | this
    run.change(this)
    run.hold(this, args.everything)
    obj.is_loose = True
    every = this | args.everything
    return call_back(run, node, every, every) | every | frozenset(obj.children)


def _hooks(obj: Obj, name: str) -> list[tuple[Obj, Obj]]:
    return [
        pair for cls in obj.fields.get(CLASS, NOTHING) for pair in lookup(cls, name)
    ]


def _foreign_lib(obj: Obj) -> str:
    """Name the library that a class's unseen base comes from."""
    stack = list(obj.fields.get(CLASS, NOTHING))
    while stack:
        cls = stack.pop()
        if cls.kind is Kind.MODULE:
            return cls.lib
        stack.extend(cls.fields.get(BASES, NOTHING))
    return "?"


def _call_found(
    run: CellRun, obj: Obj, value: Obj, name: str, args: Args, node: object
) -> Value:
    this: Value = frozenset((obj,))
    if value.kind is not Kind.FUNCTION:
        if value.kind in (Kind.BOUND, Kind.UNKNOWN):
            # A decorated method: what wraps it passes the receiver on.
            return call_one(run, value, args.shifted(this), (node, value))
        return call_one(run, value, args, (node, value))
    owner = _owner(obj, name, value)
    if "property" in value.traits:
        got = call_function(run, value, Args([this]), node, this=this, owner=owner)
        return call(run, got, args, (node, "got"))
    if "static" in value.traits:
        return call_function(run, value, args, node, this=this, owner=owner)
    if "classmethod" in value.traits:
        this = obj.fields.get(CLASS, NOTHING)
    return call_function(run, value, args.shifted(this), node, this=this, owner=owner)


def _owner(obj: Obj, name: str, value: Obj) -> Obj | None:
    starts = obj.fields.get(CLASS, NOTHING) if obj.kind is Kind.INSTANCE else (obj,)
    for cls in starts:
        for owner, found in lookup(cls, name):
            if found is value:
                return owner
    return None


def _call_on_class(
    run: CellRun, cls: Obj, name: str, args: Args, node: object
) -> Value:
    found: set[Obj] = set()
    values = class_value(cls, name)
    this: Value = frozenset((cls,))
    for value in values:
        if value.kind is Kind.FUNCTION and "classmethod" in value.traits:
            owner = _owner(cls, name, value)
            found |= call_function(
                run, value, args.shifted(this), node, this=this, owner=owner
            )
        elif value.kind is Kind.FUNCTION:
            first = args.value(0) if "static" not in value.traits else NOTHING
            owner = _owner(cls, name, value)
            found |= call_function(run, value, args, node, this=first, owner=owner)
        else:
            found |= call_one(run, value, args, (node, value))
    if not values and (cls.is_loose or has_foreign_base(cls) or name in _OF_TYPES):
        found |= call_unknown(run, cls.lib or "?", this, args, node)
    return frozenset(found)


_OF_TYPES = frozenset({"mro", "register", "__subclasses__", "__new__"})


def _call_on_super(
    run: CellRun, obj: Obj, name: str, args: Args, node: object
) -> Value:
    this = obj.fields.get("self", NOTHING)
    found: set[Obj] = set()
    is_known = False
    for owner in obj.fields.get("owner", NOTHING):
        for base in owner.fields.get(BASES, NOTHING):
            for above, function in lookup(base, name):
                is_known = True
                static = "static" in function.traits
                given = args if static else args.shifted(this)
                found |= call_function(
                    run, function, given, node, this=this, owner=above
                )
    # With several bases the next class may be a sibling's.
    for one in this:
        for cls in one.fields.get(CLASS, NOTHING):
            found |= _call_siblings(run, obj, cls, name, args, node)
    if not is_known and name not in ("__init__", "__init_subclass__", "__new__"):
        found |= call_unknown(run, "?", this, args, node)
    elif not is_known:
        run.hold(this, args.everything)
    return frozenset(found) | this


def _call_siblings(
    run: CellRun, obj: Obj, cls: Obj, name: str, args: Args, node: object
) -> Value:
    this = obj.fields.get("self", NOTHING)
    owners = obj.fields.get("owner", NOTHING)
    found: set[Obj] = set()
    bases = cls.fields.get(BASES, NOTHING)
    if len(bases) > 1:
        for base in bases - owners:
            for above, function in lookup(base, name):
                found |= call_function(
                    run, function, args.shifted(this), node, this=this, owner=above
                )
    return frozenset(found)
