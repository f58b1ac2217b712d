"""Calls of functions and classes found in modules, by their dotted path."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from jupyter_mlops.capture.dataflow import files, settings
from jupyter_mlops.capture.dataflow.callbacks import call_back
from jupyter_mlops.capture.dataflow.callsite import Call
from jupyter_mlops.capture.dataflow.filecalls import use_files
from jupyter_mlops.capture.dataflow.globaleffects import draw_numbers, set_state
from jupyter_mlops.capture.dataflow.heap import NOTHING, Kind, Value, reach
from jupyter_mlops.capture.dataflow.knowledge import libraries as known
from jupyter_mlops.capture.dataflow.results import WRAPPERS, result_of
from jupyter_mlops.capture.dataflow.unknown import call_unknown
from jupyter_mlops.capture.dataflow.writtenargs import change_outputs

if TYPE_CHECKING:
    from jupyter_mlops.capture.dataflow.arguments import Args
    from jupyter_mlops.capture.dataflow.run import CellRun

_MOVING = frozenset({Kind.RNG, Kind.HANDLE, Kind.ITERATOR})
_IDENTITIES = frozenset(
    {
        "abc.abstractmethod",
        "dataclasses.dataclass",
        "dataclasses.dataclass()",
        "enum.unique",
        "functools.cached_property",
        "functools.total_ordering",
        "functools.wraps",
        "functools.wraps()",
        "numba.jit",
        "numba.jit()",
        "numba.njit",
        "numba.njit()",
        "numba.vectorize",
        "numba.vectorize()",
        "typing.cast",
        "typing.final",
        "typing.no_type_check",
        "typing.overload",
        "typing.runtime_checkable",
    }
)
"""Functions, most of them decorators, that give back what they are given."""

_DECORATOR_MAKERS = frozenset(
    {"numba.njit", "numba.jit", "numba.vectorize", "dataclasses.dataclass"}
)
_KEEPING_ONLY = WRAPPERS | {"weakref.ref", "weakref.proxy"}


def call_path(run: CellRun, path: str, args: Args, node: object) -> Value:
    """Call what is found in a module and give what it may return."""
    call = Call(path, args, node)
    if path in known.OPAQUE_CALLS:
        run.give_up(f"calls {path}, which may reach any name")
        return NOTHING
    if path in _IDENTITIES:
        return _pass_on(run, call)
    if path in known.SYSTEM_CALLS or path.startswith(("os.exec", "os.spawn")):
        return _call_system(run, call)
    if call.root not in known.PURE:
        return call_unknown(run, call.root, NOTHING, args, node)
    settings.use_library(run, call.root)
    set_state(run, call)
    draw_numbers(run, call)
    call = replace(call, returned=_use_arguments(run, call))
    use_files(run, call)
    return result_of(run, call)


def _pass_on(run: CellRun, call: Call) -> Value:
    is_maker = call.path in _DECORATOR_MAKERS and not call.args.positional
    if call.path == "functools.wraps" or is_maker:
        return frozenset((run.world.module(call.path + "()"),))
    return call.args.value(1 if call.last == "cast" else 0)


def _call_system(run: CellRun, call: Call) -> Value:
    settings.use_library(run, "subprocess")
    files.touch_all(run)
    run.read_state("$cwd", "the working directory")
    return frozenset((run.make(call.node, Kind.HANDLE, call.args.everything),))


def _use_arguments(run: CellRun, call: Call) -> Value:
    """Note what becomes of the arguments; give what code among them may return."""
    args, everything = call.args, call.args.everything
    change_outputs(run, args)
    if call.path in known.CHANGES_FIRST or call.path.endswith(".at"):
        first = args.value(0)
        run.change(first)
        run.hold(first, everything - first)
        for obj in first:
            obj.is_loose = True
    for obj in [obj for obj in reach(everything) if obj.kind in _MOVING]:
        run.change(reach((obj,)) if obj.kind is Kind.HANDLE else (obj,), "draws from")
    if call.root in ("matplotlib", "seaborn", "pandas", "sklearn", "scipy"):
        run.change(obj for obj in everything if obj.kind is Kind.FIGURE)
    if call.path in _KEEPING_ONLY:
        return NOTHING
    return call_back(run, call.node, everything, everything)
