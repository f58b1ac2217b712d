"""Methods of frames, arrays, estimators and their kin."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jupyter_mlops.capture.dataflow import files, settings
from jupyter_mlops.capture.dataflow.callbacks import call_back
from jupyter_mlops.capture.dataflow.constants import text_of
from jupyter_mlops.capture.dataflow.globaleffects import is_seeded
from jupyter_mlops.capture.dataflow.heap import Kind, Obj, Value, elements, reach
from jupyter_mlops.capture.dataflow.knowledge import methods as known
from jupyter_mlops.capture.dataflow.names import read_global
from jupyter_mlops.capture.dataflow.results import OWN
from jupyter_mlops.capture.dataflow.writtenargs import change_outputs

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_mlops.capture.dataflow.arguments import Args
    from jupyter_mlops.capture.dataflow.callsite import MethodCall
    from jupyter_mlops.capture.dataflow.run import CellRun

_MENTIONED = re.compile(r"@\s*([^\W\d]\w*)")
_MOVING = frozenset({Kind.RNG, Kind.HANDLE})
_FITTED = frozenset({Kind.ESTIMATOR, Kind.RNG, Kind.INSTANCE, Kind.UNKNOWN})
_DATA_LIKE = _FITTED | {Kind.LIB, Kind.DATA}
_TAKING_IN = frozenset(
    {"append", "insert", "extend", "update", "setdefault", "put", "add"}
)


def call_known(run: CellRun, call: MethodCall) -> Value:
    """Call a method of a value whose library is known."""
    settings.use_library(run, call.obj.lib)
    change_outputs(run, call.args)
    if call.args.has("inplace") and not call.args.is_literal("inplace", False):  # noqa: FBT003 - the user's literal
        run.change(call.value)
    if call.name in known.WRITING_METHODS:
        return write_out(run, call)
    if call.name in known.PLOTTING_METHODS:
        return plot(run, call)
    if call.name in ("query", "eval"):
        _read_mentioned(run, call.args)
    elif call.name == "to_sql":
        run.change(reach(call.args.value(1, "con")), "writes to")
        files.write_file(run, None, is_new=False)
    if _is_changing(call.name):
        _change(run, call)
    _draw(run, call)
    everything = call.given | call.value
    run.change((one for one in reach(everything) if one.kind in _MOVING), "draws from")
    returned = call_back(run, call.node, everything, everything)
    return returned | _result(run, call)


def _is_changing(name: str) -> bool:
    return name in known.CHANGING_METHODS or not _is_listed(name)


def _is_listed(name: str) -> bool:
    return name in known.PURE_METHODS or name in known.CHANGING_METHODS


def _change(run: CellRun, call: MethodCall) -> None:
    verb = "changes"
    if not _is_listed(call.name):
        # Not in any list: it may write into its arguments and keep them, too.
        run.change(one for one in reach(call.given) if one.kind in _DATA_LIKE)
        run.hold(call.value, call.given)
        verb = "may change"
    parts = [one for one in reach(call.value) if one.kind in _FITTED]
    if call.name.startswith(("fit", "partial_fit")):
        _fit(run, call, parts)
    else:
        run.change({call.obj, *parts}, verb)
    if call.name in _TAKING_IN:
        held = call.given | elements(call.given)
        if call.obj.lib in OWN:
            held = frozenset(one for one in held if one.kind is not Kind.LIB)
        run.hold(call.value, held)


def _fit(run: CellRun, call: MethodCall, parts: list[Obj]) -> None:
    run.change({call.obj, *parts}, "fits")
    traits = frozenset[str]().union(*[one.traits for one in parts])
    if "writes" in traits:
        run.change(one for one in reach(call.given) if one.kind in _DATA_LIKE)
    if "holds" in traits or any(one.kind is not Kind.ESTIMATOR for one in parts):
        run.hold(call.value, call.given)


def _draw(run: CellRun, call: MethodCall) -> None:
    is_sampling = call.name in ("sample", "rvs", "sample_y")
    is_fitting = call.name.startswith(("fit", "partial_fit", "split"))
    if (is_sampling and not is_seeded(run, call.args)) or (
        is_fitting and any("draws" in one.traits for one in reach(call.value))
    ):
        settings.draw(run, "numpy.random")


def _read_mentioned(run: CellRun, args: Args) -> None:
    """Read the names that a query mentions as ``@name``."""
    text = text_of(run, args.node(0, "expr"))
    names = _MENTIONED.findall(text) if text is not None else run.world.user_names()
    # A text built at run time may mention any name.
    for name in list(names):
        read_global(run, name)


def write_out(run: CellRun, call: MethodCall) -> Value:
    """Write a frame, figure or model to a path, or into a handle."""
    name = known.WRITING_METHODS[call.name]
    given, target = call.args.node(0, name), call.args.value(0, name)
    if any(one.kind in (Kind.HANDLE, Kind.UNKNOWN, Kind.DATA) for one in target):
        run.change(reach(target), "writes to")
    elif given is not None:
        is_new = not call.args.has("mode") and not call.args.has("append")
        files.write_file(run, text_of(run, given), is_new=is_new)
    return frozenset((run.make(call.node, Kind.LIB, lib=call.obj.lib),))


def plot(run: CellRun, call: MethodCall) -> Value:
    """Plot a frame, on axes that are passed or on a figure of pyplot's."""
    settings.draw_figure(run)
    axes = frozenset(one for one in reach(call.given) if one.kind is Kind.FIGURE)
    run.change(axes, "draws on")
    held = call.given | call.value
    return axes | {run.make(call.node, Kind.FIGURE, held, lib="matplotlib")}


def _result(run: CellRun, call: MethodCall) -> Value:
    for applies, rule in _RESULTS:
        if applies(call):
            return rule(run, call)
    return _fresh(run, call)


def _itself(_run: CellRun, call: MethodCall) -> Value:
    return call.value


def _anything(run: CellRun, call: MethodCall) -> Value:
    held = call.value | call.given
    return held | {run.make(call.node, Kind.LIB, held, lib=call.obj.lib)}


def _shared(run: CellRun, call: MethodCall) -> Value:
    obj = call.obj
    obj.is_viewed |= call.name in known.VIEWING
    result = run.make(call.node, Kind.LIB, obj.children, lib=obj.lib)
    return frozenset((obj, result, *obj.children))


def _looking_back(run: CellRun, call: MethodCall) -> Value:
    is_split = call.name == "split" and call.obj.kind is Kind.ESTIMATOR
    kind = Kind.LIB
    if is_split or call.name in known.LAZY_METHODS:
        kind = Kind.ITERATOR
    held = call.value | call.given
    return frozenset((run.make((call.node, kind), kind, held, lib=call.obj.lib),))


def _fresh(run: CellRun, call: MethodCall) -> Value:
    if call.obj.lib == "pandas":
        call.obj.sharers[run.index] = "may share memory with"
    inner = [one for one in call.obj.children if one.kind is not Kind.LIB]
    if call.obj.kind is Kind.ESTIMATOR:
        inner = []
    return frozenset((run.make(call.node, Kind.LIB, inner, lib=call.obj.lib),))


_RETURNING_SELF = frozenset({"fit", "partial_fit", "set_params", "set_output"})
_RESULTS: tuple[
    tuple[Callable[[MethodCall], bool], Callable[[CellRun, MethodCall], Value]], ...
] = (
    (
        lambda call: call.obj.kind is Kind.ESTIMATOR and call.name in _RETURNING_SELF,
        _itself,
    ),
    (lambda call: not _is_listed(call.name), _anything),
    (
        lambda call: (
            call.name in known.SHARING_METHODS or call.name in known.CHANGING_METHODS
        ),
        _shared,
    ),
    (lambda call: call.name in known.KEEPING_METHODS, _looking_back),
)
