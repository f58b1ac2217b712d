"""Calls of methods, by the kind of their receiver."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_mlops.capture.dataflow import files, settings
from jupyter_mlops.capture.dataflow.attributes import PLOTTER
from jupyter_mlops.capture.dataflow.callbacks import call_back
from jupyter_mlops.capture.dataflow.classes import use_operators
from jupyter_mlops.capture.dataflow.constants import text_of
from jupyter_mlops.capture.dataflow.filecalls import open_mode
from jupyter_mlops.capture.dataflow.framemethods import call_known, plot, write_out
from jupyter_mlops.capture.dataflow.heap import NOTHING, Kind, Value, elements, reach
from jupyter_mlops.capture.dataflow.knowledge import methods as known
from jupyter_mlops.capture.dataflow.unknown import call_unknown
from jupyter_mlops.capture.dataflow.writtenargs import change_outputs

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_mlops.capture.dataflow.arguments import Args
    from jupyter_mlops.capture.dataflow.callsite import MethodCall
    from jupyter_mlops.capture.dataflow.run import CellRun

_LISTING = frozenset({"split", "rsplit", "splitlines", "partition", "rpartition"})
_CONTAINER_METHODS = frozenset(
    name for kind in (list, dict, set, tuple, bytearray) for name in dir(kind)
)
_TEXT_READING = frozenset({"read", "readline", "getvalue", "tell", "fileno", "write"})


def call_method(run: CellRun, call: MethodCall) -> Value:
    """Call a method of an object that is neither module nor user's own."""
    rule = _BY_LIB.get(call.obj.lib) or _BY_KIND.get(call.obj.kind, _call_unknown)
    return rule(run, call)


def call_text_method(run: CellRun, name: str, args: Args, node: object) -> Value:
    """Call a method of a text or number."""
    use_operators(run, node, args.everything)
    if name in _LISTING:
        return frozenset((run.make(node, Kind.DATA),))
    return NOTHING


def _call_container(run: CellRun, call: MethodCall) -> Value:
    if call.name not in _CONTAINER_METHODS:
        # No container has it: it is not what this name stands for here.
        return NOTHING
    obj, given = call.obj, call.given
    passed = given
    if any(one.kind is Kind.ITERATOR for one in given):
        passed |= call_back(run, call.node, given, NOTHING) | elements(given)
    use_operators(run, call.node, given | frozenset(obj.children))
    if call.name == "sort":
        call_back(run, call.node, given, frozenset(obj.children))
    if call.name in known.CONTAINER_CHANGING:
        run.change(call.value)
        obj.is_loose = True
        run.hold(call.value, passed | elements(passed))
    return _from_container(run, call)


def _from_container(run: CellRun, call: MethodCall) -> Value:
    held = frozenset(call.obj.children)
    if call.name in ("items", "keys", "values"):
        pair = run.make((call.node, "pair"), Kind.DATA, held)
        return frozenset((run.make(call.node, Kind.DATA, (pair, *held)),))
    if call.name == "copy":
        return frozenset((run.make(call.node, Kind.DATA, held),))
    if call.name in known.CONTAINER_CHANGING or call.name in ("get", "__getitem__"):
        return held | call.given
    return frozenset((run.make(call.node, Kind.DATA, held | call.given),))


def _call_figure(run: CellRun, call: MethodCall) -> Value:
    settings.use_library(run, "matplotlib")
    if call.name == "savefig":
        return write_out(run, call)
    others = [one for one in call.given if one.kind is Kind.FIGURE]
    run.change({call.obj, *others}, "draws on")
    run.hold(call.value, call.given)
    call_back(run, call.node, call.given, call.given)
    return call.value | {run.make(call.node, Kind.FIGURE, call.value, lib="matplotlib")}


def _call_generator(run: CellRun, call: MethodCall) -> Value:
    run.change(reach(call.value), "seeds" if call.name == "seed" else "draws from")
    if call.name == "shuffle":
        run.change(call.given)
    change_outputs(run, call.args)
    return frozenset((run.make(call.node, Kind.LIB, call.given, lib="numpy"),))


def _call_handle(run: CellRun, call: MethodCall) -> Value:
    is_reading = call.name.startswith(("read", "fetch", "get"))
    run.change(reach(call.value), "reads from" if is_reading else "writes to")
    run.hold(call.value, call.given)
    call_back(run, call.node, call.given, call.given)
    if call.name in _TEXT_READING:
        return NOTHING
    # A cursor and the like goes on with the same connection.
    return frozenset((run.make(call.node, Kind.HANDLE, call.value | call.given),))


def _call_iterator(run: CellRun, call: MethodCall) -> Value:
    run.hold(call.value, call.given)
    run.change(call.value, "reads from")
    call_back(run, call.node, call.value | call.given, call.given)
    children = frozenset(call.obj.children)
    return children | elements(children)


def _call_path_method(run: CellRun, call: MethodCall) -> Value:
    path, name = text_of(run, call.receiver), call.name
    if name == "open":
        mode_node = call.args.node(0, "mode")
        mode = "r" if mode_node is None else text_of(run, mode_node)
        return open_mode(run, run.make(call.node, Kind.HANDLE), path, mode)
    if name in known.PATH_READING:
        files.read_file(run, path)
    elif name in known.PATH_WRITING:
        files.write_file(run, path, is_new=name in ("write_text", "write_bytes"))
        if name in ("rename", "replace"):
            target = text_of(run, call.args.node(0, "target"))
            files.write_file(run, target, is_new=False)
    kind = Kind.ITERATOR if name in known.LAZY_METHODS else Kind.LIB
    held = call.value | call.given
    return frozenset((run.make((call.node, kind), kind, held, lib="pathlib"),))


def _call_opaque(run: CellRun, call: MethodCall) -> Value:
    run.give_up(f"calls {call.name}, which comes from code that could not be read")
    return call.value


def _call_unknown(run: CellRun, call: MethodCall) -> Value:
    found = call_unknown(run, call.obj.lib, call.value, call.args, call.node)
    return call.value | found


_BY_LIB: dict[str, Callable[[CellRun, MethodCall], Value]] = {
    "pathlib": _call_path_method,
    PLOTTER: plot,
}
_BY_KIND: dict[Kind, Callable[[CellRun, MethodCall], Value]] = {
    Kind.DATA: _call_container,
    Kind.LIB: call_known,
    Kind.ESTIMATOR: call_known,
    Kind.FIGURE: _call_figure,
    Kind.RNG: _call_generator,
    Kind.HANDLE: _call_handle,
    Kind.ITERATOR: _call_iterator,
    Kind.OPAQUE: _call_opaque,
}
