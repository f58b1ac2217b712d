"""Calls of methods, by the kind of their receiver."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jupyter_mlops.capture.dataflow import files, library, settings
from jupyter_mlops.capture.dataflow.attributes import PLOTTER
from jupyter_mlops.capture.dataflow.callbacks import call_back
from jupyter_mlops.capture.dataflow.classes import use_operators
from jupyter_mlops.capture.dataflow.constants import text_of
from jupyter_mlops.capture.dataflow.heap import (
    NOTHING,
    Kind,
    Obj,
    Value,
    elements,
    reach,
)
from jupyter_mlops.capture.dataflow.knowledge import methods as known
from jupyter_mlops.capture.dataflow.names import read_global
from jupyter_mlops.capture.dataflow.unknown import call_unknown

if TYPE_CHECKING:
    import ast
    from collections.abc import Callable

    from jupyter_mlops.capture.dataflow.arguments import Args
    from jupyter_mlops.capture.dataflow.run import CellRun

_MENTIONED = re.compile(r"@\s*([^\W\d]\w*)")
_LISTING = frozenset({"split", "rsplit", "splitlines", "partition", "rpartition"})
_CONTAINER_METHODS = frozenset(
    name for kind in (list, dict, set, tuple, bytearray) for name in dir(kind)
)
_NOT_IN_PLACE = frozenset({"keys", "values", "items", "copy", "get"})


def call_method(
    run: CellRun,
    obj: Obj,
    name: str,
    args: Args,
    node: object,
    receiver: ast.expr | None,
) -> Value:
    """Call the method `name` of an object that is neither module nor user's own.

    Parameters
    ----------
    receiver : ast.expr or None
        The expression that gave the object.
    """
    rule = _RULES.get(obj.kind, _call_unknown)
    if obj.lib == "pathlib":
        rule = _call_path_method
    elif obj.lib == PLOTTER:
        rule = _call_plotter
    return rule(run, obj, name, args, node, receiver)


def call_text_method(run: CellRun, name: str, args: Args, node: object) -> Value:
    """Call a method of a text or number."""
    use_operators(run, node, args.everything)
    if name in _LISTING:
        return frozenset((run.make(node, Kind.DATA),))
    return NOTHING


# --- builtin containers ------------------------------------------------------------


def _call_container(
    run: CellRun,
    obj: Obj,
    name: str,
    args: Args,
    node: object,
    _receiver: ast.expr | None,
) -> Value:
    if name not in _CONTAINER_METHODS:
        # No container has it: it is not what this name stands for here.
        return NOTHING
    value: Value = frozenset((obj,))
    given = args.everything
    passed = given
    if any(one.kind is Kind.ITERATOR for one in given):
        passed |= call_back(run, node, given, NOTHING) | elements(given)
    use_operators(run, node, given | frozenset(obj.children))
    if name == "sort":
        call_back(run, node, given, frozenset(obj.children))
    if name in known.CONTAINER_CHANGING:
        run.change(value)
        obj.is_loose = True
        run.hold(value, passed | elements(passed))
    held = frozenset(obj.children)
    if name in ("items", "keys", "values"):
        pair = run.make((node, "pair"), Kind.DATA, held)
        return frozenset((run.make(node, Kind.DATA, (pair, *held)),))
    if name in _NOT_IN_PLACE - {"get"}:
        return frozenset((run.make(node, Kind.DATA, held),))
    if name in known.CONTAINER_CHANGING or name in ("get", "__getitem__"):
        return held | given
    return frozenset((run.make(node, Kind.DATA, held | given),))


# --- values of known libraries ------------------------------------------------------


def _call_known(
    run: CellRun,
    obj: Obj,
    name: str,
    args: Args,
    node: object,
    _receiver: ast.expr | None,
) -> Value:
    settings.use_library(run, obj.lib)
    value: Value = frozenset((obj,))
    everything = args.everything
    library.change_outputs(run, args)
    if args.has("inplace") and not args.is_literal("inplace", False):  # noqa: FBT003 - the user's literal
        run.change(value)
    if name in ("query", "eval"):
        _read_mentioned(run, args)
    if name == "to_sql":
        run.change(reach(args.value(1, "con")), "writes to")
        files.write_file(run, None, is_new=False)
    if name in known.WRITING_METHODS:
        return _write(run, obj, name, args, node)
    if name in known.PLOTTING_METHODS:
        return _plot(run, obj, args, node)
    is_changing = name in known.CHANGING_METHODS or name not in known.PURE_METHODS
    if is_changing:
        _change(run, obj, name, args)
    _draw(run, obj, name, args)
    moving = [one for one in reach(everything | value) if one.kind in _MOVING]
    for one in moving:
        run.change((one,), "draws from")
    returned = call_back(run, node, everything | value, everything | value)
    return returned | _known_result(run, obj, name, args, node)


_MOVING = frozenset({Kind.RNG, Kind.HANDLE})


def _change(run: CellRun, obj: Obj, name: str, args: Args) -> None:
    verb = "fits" if name.startswith(("fit", "partial_fit")) else "changes"
    if name not in known.CHANGING_METHODS:
        # Not in any list: it may write into its arguments and keep them, too.
        run.change(one for one in reach(args.everything) if one.kind in _DATA_LIKE)
        run.hold(frozenset((obj,)), args.everything)
        verb = "may change"
    parts = [one for one in reach((obj,)) if one.kind in _FITTED]
    if verb == "fits":
        _fit(run, obj, parts, args)
    else:
        run.change({obj, *parts}, verb)
    if name in ("append", "insert", "extend", "update", "setdefault", "put", "add"):
        held = args.everything | elements(args.everything)
        if obj.lib in library.OWN:
            held = frozenset(one for one in held if one.kind is not Kind.LIB)
        run.hold(frozenset((obj,)), held)


_FITTED = frozenset({Kind.ESTIMATOR, Kind.RNG, Kind.INSTANCE, Kind.UNKNOWN})
_DATA_LIKE = frozenset(
    {Kind.LIB, Kind.DATA, Kind.UNKNOWN, Kind.INSTANCE, Kind.ESTIMATOR, Kind.RNG}
)


def _fit(run: CellRun, obj: Obj, parts: list[Obj], args: Args) -> None:
    run.change({obj, *parts}, "fits")
    traits = frozenset().union(*[one.traits for one in parts])
    if "writes" in traits:
        run.change(one for one in reach(args.everything) if one.kind in _DATA_LIKE)
    if "holds" in traits or any(one.kind is not Kind.ESTIMATOR for one in parts):
        run.hold(frozenset((obj,)), args.everything)


def _draw(run: CellRun, obj: Obj, name: str, args: Args) -> None:
    is_told = library.is_seeded(args)
    if (name in ("sample", "rvs", "sample_y") and not is_told) or (
        name.startswith(("fit", "partial_fit", "split"))
        and any("draws" in one.traits for one in reach((obj,)))
    ):
        settings.draw(run, "numpy.random")


def _read_mentioned(run: CellRun, args: Args) -> None:
    """Read the names that a query mentions as ``@name``."""
    text = text_of(run, args.node(0, "expr"))
    if text is None:
        # Built at run time: it may mention any name.
        for name in list(run.world.user_names()):
            read_global(run, name)
        return
    for name in _MENTIONED.findall(text):
        read_global(run, name)


def _write(run: CellRun, obj: Obj, name: str, args: Args, node: object) -> Value:
    given = args.node(0, known.WRITING_METHODS[name])
    target = args.value(0, known.WRITING_METHODS[name])
    if any(one.kind in (Kind.HANDLE, Kind.UNKNOWN, Kind.DATA) for one in target):
        run.change(reach(target), "writes")
    elif given is not None:
        is_new = not args.has("mode") and not args.has("append")
        files.write_file(run, text_of(run, given), is_new=is_new)
    return frozenset((run.make(node, Kind.LIB, lib=obj.lib),))


def _plot(run: CellRun, obj: Obj, args: Args, node: object) -> Value:
    settings.draw_figure(run)
    axes = frozenset(one for one in reach(args.everything) if one.kind is Kind.FIGURE)
    run.change(axes, "draws on")
    figure = run.make(node, Kind.FIGURE, (obj, *args.everything), lib="matplotlib")
    return frozenset((figure,)) | axes


def _call_plotter(
    run: CellRun,
    obj: Obj,
    _name: str,
    args: Args,
    node: object,
    _receiver: ast.expr | None,
) -> Value:
    return _plot(run, obj, args, node)


def _known_result(run: CellRun, obj: Obj, name: str, args: Args, node: object) -> Value:
    value: Value = frozenset((obj,))
    if obj.kind is Kind.ESTIMATOR and name in ("fit", "set_params", "partial_fit"):
        return value
    if name not in known.PURE_METHODS and name not in known.CHANGING_METHODS:
        result = run.make(node, Kind.LIB, value | args.everything, lib=obj.lib)
        return value | args.everything | {result}
    if name in known.SHARING_METHODS or name in known.CHANGING_METHODS:
        result = run.make(node, Kind.LIB, obj.children, lib=obj.lib)
        return value | {result} | frozenset(obj.children)
    if name in known.KEEPING_METHODS:
        kind = Kind.ITERATOR if _is_lazy(obj, name) else Kind.LIB
        result = run.make((node, kind), kind, value | args.everything, lib=obj.lib)
        return frozenset((result,))
    inner = [one for one in obj.children if one.kind is not Kind.LIB]
    if obj.kind is Kind.ESTIMATOR:
        inner = []
    result = run.make(node, Kind.LIB, inner, lib=obj.lib)
    return frozenset((result,))


def _is_lazy(obj: Obj, name: str) -> bool:
    return name in known.LAZY_METHODS or (
        name == "split" and obj.kind is Kind.ESTIMATOR
    )


# --- the rest -------------------------------------------------------------------------


def _call_figure(
    run: CellRun,
    obj: Obj,
    name: str,
    args: Args,
    node: object,
    _receiver: ast.expr | None,
) -> Value:
    settings.use_library(run, "matplotlib")
    value: Value = frozenset((obj,))
    if name == "savefig":
        return _write(run, obj, name, args, node)
    others = [one for one in args.everything if one.kind is Kind.FIGURE]
    run.change({obj, *others}, "draws on")
    run.hold(value, args.everything)
    call_back(run, node, args.everything, args.everything)
    return value | {run.make(node, Kind.FIGURE, value, lib="matplotlib")}


def _call_generator(
    run: CellRun,
    obj: Obj,
    name: str,
    args: Args,
    node: object,
    _receiver: ast.expr | None,
) -> Value:
    run.change(reach((obj,)), "seeds" if name == "seed" else "draws from")
    if name == "shuffle":
        run.change(args.everything)
    library.change_outputs(run, args)
    return frozenset((run.make(node, Kind.LIB, args.everything, lib="numpy"),))


def _call_handle(
    run: CellRun,
    obj: Obj,
    name: str,
    args: Args,
    node: object,
    _receiver: ast.expr | None,
) -> Value:
    value: Value = frozenset((obj,))
    verb = "reads from" if name.startswith(("read", "fetch", "get")) else "writes to"
    run.change(reach(value), verb)
    run.hold(value, args.everything)
    call_back(run, node, args.everything, args.everything)
    # A cursor and the like goes on with the same connection.
    result = run.make(node, Kind.HANDLE, value | args.everything)
    return frozenset((result,))


def _call_iterator(
    run: CellRun,
    obj: Obj,
    _name: str,
    args: Args,
    node: object,
    _receiver: ast.expr | None,
) -> Value:
    value: Value = frozenset((obj,))
    run.hold(value, args.everything)
    run.change(value, "reads from")
    call_back(run, node, value | args.everything, args.everything)
    return frozenset(obj.children) | elements(frozenset(obj.children))


def _call_path_method(
    run: CellRun,
    obj: Obj,
    name: str,
    args: Args,
    node: object,
    receiver: ast.expr | None,
) -> Value:
    path = text_of(run, receiver)
    handle = args.everything
    if name == "open":
        mode_node = args.node(0, "mode")
        mode = "r" if mode_node is None else text_of(run, mode_node)
        opened = run.make(node, Kind.HANDLE)
        return library.open_mode(run, opened, path, mode)
    if name in known.PATH_READING:
        files.read_file(run, path)
    elif name in known.PATH_WRITING:
        is_new = name in ("write_text", "write_bytes")
        files.write_file(run, path, is_new=is_new)
        if name in ("rename", "replace"):
            files.write_file(run, text_of(run, args.node(0, "target")), is_new=False)
    kind = Kind.ITERATOR if name in known.LAZY_METHODS else Kind.LIB
    return frozenset((run.make((node, kind), kind, (obj, *handle), lib="pathlib"),))


def _call_opaque(
    run: CellRun,
    obj: Obj,
    name: str,
    _args: Args,
    _node: object,
    _receiver: ast.expr | None,
) -> Value:
    run.give_up(f"calls {name}, which comes from code that could not be read")
    return frozenset((obj,))


def _call_unknown(
    run: CellRun,
    obj: Obj,
    _name: str,
    args: Args,
    node: object,
    _receiver: ast.expr | None,
) -> Value:
    value: Value = frozenset((obj,))
    return value | call_unknown(run, obj.lib, value, args, node)


_RULES: dict[Kind, Callable[..., Value]] = {
    Kind.DATA: _call_container,
    Kind.LIB: _call_known,
    Kind.ESTIMATOR: _call_known,
    Kind.FIGURE: _call_figure,
    Kind.RNG: _call_generator,
    Kind.HANDLE: _call_handle,
    Kind.ITERATOR: _call_iterator,
    Kind.OPAQUE: _call_opaque,
}
