"""Calls of Python's own functions."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from jupyter_mlops.capture.dataflow import attributes, classes
from jupyter_mlops.capture.dataflow.callbacks import call_back, consume
from jupyter_mlops.capture.dataflow.classes import (
    CLASS,
    COMPARING,
    EVERY_OPERATOR,
    ITEMS,
    TEXT,
    TRUTH,
    use_operators,
)
from jupyter_mlops.capture.dataflow.constants import text_of
from jupyter_mlops.capture.dataflow.heap import (
    CODE,
    NOTHING,
    Kind,
    Obj,
    Value,
    elements,
    reach,
)
from jupyter_mlops.capture.dataflow.names import read_global

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_mlops.capture.dataflow.arguments import Args
    from jupyter_mlops.capture.dataflow.run import CellRun

_SCALARS = frozenset(
    """
        len id hash isinstance issubclass callable int float complex bool str
        repr ascii chr ord bin hex oct format range print input hasattr
        divmod slice display help memoryview exit quit breakpoint
        """.split()
)
_PICKING = frozenset({"max", "min", "sum", "abs", "round", "pow", "next", "anext"})
_GATHERING = frozenset(
    {"list", "tuple", "set", "frozenset", "dict", "sorted", "bytearray", "bytes"}
)
_LAZY = frozenset({"zip", "map", "filter", "enumerate", "reversed", "iter", "aiter"})


def call_builtin(run: CellRun, name: str, args: Args, node: object) -> Value:
    """Call the builtin `name`."""
    rule = _RULES.get(name)
    if rule is not None:
        return rule(run, args, node)
    everything = args.everything
    if name in _LAZY:
        return frozenset((run.make(node, Kind.ITERATOR, everything),))
    if name in ("property", "staticmethod", "classmethod"):
        return args.value(0)
    special = _SPECIAL.get(name, EVERY_OPERATOR)
    if name in _SCALARS:
        use_operators(run, node, frozenset(reach(everything)), special)
        run.change(reach(args.named.get("file", NOTHING)), "writes to")
        return NOTHING
    read = _read_through(run, args, node, special)
    if name in ("any", "all"):
        return NOTHING
    if name in _PICKING:
        if name in ("sum", "abs", "round", "pow"):
            return _combined(run, node, everything | read)
        return read | everything
    if name in _GATHERING:
        if name == "dict":
            # Its keywords are values as they are; the rest is taken apart.
            read |= args.rest.union(*args.named.values())
        obj = run.make(node, Kind.DATA, read)
        obj.is_loose = True
        return frozenset((obj,))
    # A method of a builtin type, such as dict.fromkeys or list.append.
    return _call_type_method(run, name, args, node)


_SPECIAL = {
    **dict.fromkeys(("print", "str", "repr", "format", "display", "help"), TEXT),
    **dict.fromkeys(("len", "list", "tuple", "dict", "any", "all"), ITEMS | TRUTH),
    **dict.fromkeys(("set", "frozenset", "max", "min"), ITEMS | COMPARING),
    **dict.fromkeys(("isinstance", "issubclass", "id", "callable"), frozenset[str]()),
    "sorted": ITEMS | COMPARING,
    "hash": COMPARING,
    "bool": TRUTH,
}


def _read_through(
    run: CellRun,
    args: Args,
    node: object,
    special: frozenset[str] = EVERY_OPERATOR,
) -> Value:
    """Read all arguments, step by step where they are iterators."""
    everything = args.everything
    found: set[Obj] = set()
    for obj in everything:
        if obj.kind is Kind.UNKNOWN:
            found |= elements(frozenset((obj,)))
            run.change((obj,), "may advance")
        else:
            found |= consume(run, node, frozenset((obj,)))
    use_operators(run, node, frozenset(reach(everything)), special)
    code = frozenset(obj for obj in everything if obj.kind in CODE or _is_path(obj))
    if code - {obj for obj in everything if obj.kind is Kind.INSTANCE}:
        callables = frozenset(o for o in code if o.kind not in _NOT_CALLED)
        found |= call_back(run, node, callables, everything | frozenset(found))
    return frozenset(found)


_NOT_CALLED = frozenset({Kind.INSTANCE, Kind.CLASS})


def _is_path(obj: Obj) -> bool:
    return obj.kind is Kind.MODULE and not obj.name.startswith("builtins.")


def _combined(run: CellRun, node: object, value: Value) -> Value:
    if not value:
        return NOTHING
    if any(obj.kind in (Kind.UNKNOWN, Kind.INSTANCE) for obj in value):
        return value | {run.make(node, Kind.UNKNOWN, value)}
    if any(obj.kind is Kind.LIB for obj in value):
        lib = next(obj.lib for obj in value if obj.kind is Kind.LIB)
        return frozenset((run.make(node, Kind.LIB, lib=lib),))
    return value | {run.make(node, Kind.DATA, elements(value))}


def _call_type_method(run: CellRun, name: str, args: Args, node: object) -> Value:
    everything = args.everything
    method = name.rpartition(".")[2]
    if method.startswith(("from", "maketrans", "join")) or "." not in name:
        read = _read_through(run, args, node)
        obj = run.make(node, Kind.DATA, read | everything)
        obj.is_loose = True
        return frozenset((obj,))
    if args.positional and args.value(0):
        found: set[Obj] = set()
        rest = args.without_first()
        for obj in args.value(0):
            method_obj = attributes.bound(run, (node, "unbound"), obj, method)
            found |= run.interpreter.call(
                run, frozenset((method_obj,)), rest, (node, obj)
            )
        return frozenset(found)
    return NOTHING


# --- those that look at or change names and attributes ------------------------------


def _getattr(run: CellRun, args: Args, node: object) -> Value:
    name = text_of(run, args.node(1))
    base = args.value(0)
    found: set[Obj] = set(args.value(2))
    for obj in base:
        if name is not None:
            found |= attributes.load_one(run, node, obj, name)
        else:
            found |= _any_attribute(run, obj, node)
    return frozenset(found)


def _any_attribute(run: CellRun, obj: Obj, node: object) -> Value:
    if obj.kind in (Kind.INSTANCE, Kind.CLASS):
        found = set(obj.children)
        starts = obj.fields.get(CLASS, NOTHING) or frozenset((obj,))
        for cls in starts:
            for owner in classes.lineage(cls):
                for name in owner.fields:
                    found.add(attributes.bound(run, (node, name), obj, name))
        return frozenset(found)
    unnamed = attributes.bound(run, (node, "any"), obj, "__setitem__")
    return frozenset((obj, unnamed, *obj.children))


def _setattr(run: CellRun, args: Args, node: object) -> Value:
    name = text_of(run, args.node(1))
    for obj in args.value(0):
        target = ast.Attribute(ast.Constant(None), name or "?", ast.Store())
        attributes.store_one(run, target, obj, args.value(2), (node, obj))
        if name is None:
            obj.is_loose = True
    return NOTHING


def _vars(run: CellRun, args: Args, _node: object) -> Value:
    if not args.positional:
        return _namespace(run, args, _node)
    for obj in args.value(0):
        obj.is_loose = True
    return args.value(0)


def _namespace(run: CellRun, _args: Args, node: object) -> Value:
    if run.frame is not None:
        names = run.frame.locals
        held = [run.lookup((run.frame, name)) for name in names]
        found = [obj for one in held if one is not None for obj in one.value]
        obj = run.make(node, Kind.DATA, found)
        obj.is_loose = True
        return frozenset((obj,))
    return _globals(run, _args, node)


def _globals(run: CellRun, _args: Args, _node: object) -> Value:
    run.give_up("uses the namespace as a whole")
    return frozenset((run.world.opaque,))


def _dir(run: CellRun, args: Args, _node: object) -> Value:
    if not args.positional and run.frame is None:
        for name in list(run.world.user_names()):
            read_global(run, name)
    return NOTHING


def _exec(run: CellRun, args: Args, _node: object) -> Value:
    text = text_of(run, args.node(0))
    if text is None or len(args.positional) > 1 or args.named:
        run.give_up("runs text that is built at run time")
        return frozenset((run.world.opaque,))
    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError):
        return NOTHING
    run.interpreter.execute(run, body)
    last = body[-1] if len(body) == 1 else None
    if isinstance(last, ast.Expr):
        return run.interpreter.evaluate(run, last.value)
    return NOTHING


def _super(run: CellRun, args: Args, node: object) -> Value:
    frame = run.frame
    while frame is not None and frame.owner is None:
        frame = frame.parent
    if frame is None or args.positional:
        return args.value(1)
    obj = run.make(node, Kind.BOUND, frame.this, name="<super>")
    run.set_field(obj, "self", frame.this)
    assert frame.owner is not None
    run.set_field(obj, "owner", frozenset((frame.owner,)))
    return frozenset((obj,))


def _type(run: CellRun, args: Args, node: object) -> Value:
    found: set[Obj] = set()
    for obj in args.value(0):
        found |= obj.fields.get(CLASS, NOTHING)
    if len(args.positional) > 1:
        cls = run.make(node, Kind.CLASS, args.everything)
        cls.is_loose = True
        cls.fields[classes.BASES] = cls.types = elements(args.value(1))
        found.add(cls)
    return frozenset(found)


def _import(run: CellRun, args: Args, _node: object) -> Value:
    name = text_of(run, args.node(0))
    if name is None:
        run.give_up("imports a module whose name is built at run time")
        return NOTHING
    return frozenset((run.world.module(name),))


_RULES: dict[str, Callable[[CellRun, Args, object], Value]] = {
    "getattr": _getattr,
    "setattr": _setattr,
    "delattr": _setattr,
    "vars": _vars,
    "locals": _namespace,
    "globals": _globals,
    "dir": _dir,
    "exec": _exec,
    "eval": _exec,
    "compile": _globals,
    "super": _super,
    "type": _type,
    "__import__": _import,
}
