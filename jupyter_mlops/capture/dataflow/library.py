"""Calls of functions and classes found in modules, by their dotted path."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jupyter_mlops.capture.dataflow import files, settings
from jupyter_mlops.capture.dataflow.callbacks import CALLED, call_back
from jupyter_mlops.capture.dataflow.constants import text_of
from jupyter_mlops.capture.dataflow.heap import (
    NOTHING,
    Kind,
    Obj,
    Value,
    elements,
    reach,
)
from jupyter_mlops.capture.dataflow.knowledge import libraries as known
from jupyter_mlops.capture.dataflow.unknown import call_unknown

if TYPE_CHECKING:
    from jupyter_mlops.capture.dataflow.arguments import Args
    from jupyter_mlops.capture.dataflow.run import CellRun

_MOVING = frozenset({Kind.RNG, Kind.HANDLE, Kind.ITERATOR})
_IDENTITIES = frozenset(
    """
        functools.wraps functools.wraps() functools.total_ordering
        functools.cached_property dataclasses.dataclass dataclasses.dataclass()
        numba.vectorize typing.final typing.overload typing.runtime_checkable
        typing.no_type_check typing.cast abc.abstractmethod enum.unique
        numba.njit numba.jit numba.njit() numba.jit() numba.vectorize()
        """.split()
)
_WRAPPERS = frozenset(
    """
        functools.lru_cache functools.cache functools.lru_cache()
        functools.partial functools.partialmethod functools.cmp_to_key
        functools.singledispatch contextlib.contextmanager
        contextlib.asynccontextmanager joblib.delayed numpy.vectorize
        numpy.frompyfunc
        """.split()
)
_DECORATOR_MAKERS = frozenset(
    {"functools.wraps", "functools.lru_cache", "numba.njit", "numba.jit"}
    | {"dataclasses.dataclass", "numba.vectorize"}
)
_ITERATING = frozenset(
    """
        csv.reader csv.DictReader os.walk os.scandir glob.iglob re.finditer
        numpy.nditer numpy.ndenumerate numpy.ndindex re.scanner heapq.merge
        """.split()
)
_TEXTS = frozenset({"os.getenv", "os.environ.get", "os.environ.pop", "os.getcwd"})
_NUMBERS = frozenset({"math", "cmath", "statistics", "time", "colorsys", "keyword"})
OWN = frozenset({"numpy", "pandas", "sklearn", "scipy", "patsy"})
"""Libraries whose results do not hold their arguments unless said."""


@dataclass(frozen=True, slots=True)
class Callee:
    """A dotted path taken apart."""

    path: str
    root: str
    last: str


def call_path(run: CellRun, path: str, args: Args, node: object) -> Value:
    """Call what is found in a module and give what it may return."""
    callee = Callee(path, path.partition(".")[0], path.rpartition(".")[2])
    if path in known.OPAQUE_CALLS:
        run.give_up(f"calls {path}, which may reach any name")
        return NOTHING
    if path in _IDENTITIES:
        return _pass_on(run, callee, args)
    if path in known.SYSTEM_CALLS or path.startswith(("os.exec", "os.spawn")):
        return _call_system(run, args, node)
    if callee.root not in known.PURE:
        return call_unknown(run, callee.root, NOTHING, args, node)
    settings.use_library(run, callee.root)
    _set_state(run, callee, args, node)
    _draw(run, callee, args)
    returned = _use_arguments(run, callee, args, node)
    _use_files(run, callee, args)
    return _result(run, callee, args, node, returned)


def _pass_on(run: CellRun, callee: Callee, args: Args) -> Value:
    if callee.path == "functools.wraps" or (
        callee.path in _DECORATOR_MAKERS and not args.positional
    ):
        return frozenset((run.world.module(callee.path + "()"),))
    return args.value(0) if callee.last != "cast" else args.value(1)


def _call_system(run: CellRun, args: Args, node: object) -> Value:
    settings.use_library(run, "subprocess")
    files.touch_all(run)
    run.read_state("$cwd", "the working directory")
    return frozenset((run.make(node, Kind.HANDLE, args.everything),))


# --- global states ----------------------------------------------------------------


def _set_state(run: CellRun, callee: Callee, args: Args, node: object) -> None:
    path = callee.path
    if path in known.CHANGING_SYSTEM:
        settings.make_setting(run, path, None, args.everything)
    elif path in known.SETS_OPTIONS or _is_logger_setting(callee):
        settings.make_setting(run, path, _call_key(args, node), args.everything)
        if path in ("matplotlib.use", "matplotlib.pyplot.switch_backend"):
            run.world.figures_survive = True
    elif path == "os.chdir":
        run.read_state("$cwd", "the working directory")
        files.read_file(run, text_of(run, args.node(0, "path")))
        run.replace("$cwd", "changes")
    elif path in ("os.getcwd", "os.path.abspath", "pathlib.Path.cwd"):
        run.read_state("$cwd", "the working directory")
    elif path.startswith("os.environ.") or path in ("os.getenv", "os.environ"):
        run.touch("environ")
    elif path == "importlib.reload":
        for obj in args.value(0):
            run.mark(run.set_setting(obj.lib, ""), "reloads")
    elif path.startswith("matplotlib.pyplot.") or callee.root == "seaborn":
        _draw_figure(run, callee)


def _is_logger_setting(callee: Callee) -> bool:
    return callee.root == "logging" and callee.last in (
        "setLevel",
        "addHandler",
        "removeHandler",
        "addFilter",
        "removeFilter",
        "captureWarnings",
    )


def _call_key(args: Args, node: object) -> str | None:
    """Give the text of a call whose effect the code alone decides."""
    parts = [*args.nodes.values()]
    if not isinstance(node, ast.Call) or args.is_open:
        return None
    for part in parts:
        for inner in ast.walk(part):
            if isinstance(inner, ast.Name | ast.Call | ast.Await | ast.NamedExpr):
                return None
    if isinstance(node.func, ast.Attribute) and node.func.attr == "set_option":
        if [*args.nodes] == [0, 1]:
            return ast.unparse(node.args[0])
    return ast.unparse(node)


def _draw_figure(run: CellRun, callee: Callee) -> None:
    if callee.root == "seaborn":
        if callee.last not in known.SEABORN_PURE:
            settings.draw_figure(run)
        return
    first = callee.path.split(".")[2]
    if first in known.NO_DRAWING:
        run.touch("matplotlib")
        return
    is_fresh = first in known.FRESH_FIGURES
    settings.draw_figure(
        run, is_fresh=is_fresh, is_all=first in known.ALL_FIGURES and not is_fresh
    )


def _draw(run: CellRun, callee: Callee, args: Args) -> None:
    path = callee.path
    if path in known.SEEDING:
        is_chance = not args.positional and not args.named
        for generator in known.SEEDING[path]:
            if is_chance or args.is_literal("seed", None) or _is_none(args.node(0)):
                settings.unseed(run, generator)
            else:
                settings.seed(run, generator)
    elif path in known.STATE_READING:
        settings.read_generator(run, known.STATE_READING[path])
    elif path in known.OWN_GENERATORS:
        if (not args.positional and not args.named) or _is_none(args.node(0)):
            run.warnings.append(f"makes a random generator ({path}) without a seed")
    elif path.startswith("numpy.random.") and callee.last not in known.NO_DRAW:
        settings.draw(run, "numpy.random")
    elif callee.root == "random" and callee.last not in known.NO_DRAW:
        settings.draw(run, "random")
    elif callee.root in ("sklearn", "scipy") and callee.last in known.DRAWING_FUNCTIONS:
        if _may_draw(args, callee):
            settings.draw(run, "numpy.random")
    elif callee.root in ("secrets", "uuid") or path in ("os.urandom", "os.getrandom"):
        run.warnings.append(f"uses {path}, which gives something else each time")


def _is_none(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _may_draw(args: Args, callee: Callee) -> bool:
    if callee.last.startswith("cross_val") or callee.last.endswith("_curve"):
        # They draw only if what they are given does.
        return any("draws" in obj.traits for obj in reach(args.everything))
    return not is_seeded(args)


def is_seeded(args: Args) -> bool:
    """Tell whether a call is told its own seed or generator."""
    for name in ("random_state", "seed", "rng"):
        node = args.nodes.get(name)
        if node is not None and not _is_none(node):
            # A name may hold None; a number, or something made here, may not.
            return isinstance(node, ast.Constant | ast.Call) or bool(args.named[name])
    return False


# --- arguments --------------------------------------------------------------------


def _use_arguments(run: CellRun, callee: Callee, args: Args, node: object) -> Value:
    everything = args.everything
    change_outputs(run, args)
    if callee.path in known.CHANGES_FIRST or callee.path.endswith(".at"):
        run.change(obj for obj in args.value(0))
        run.hold(args.value(0), args.everything - args.value(0))
        for obj in args.value(0):
            obj.is_loose = True
    moving = [obj for obj in reach(everything) if obj.kind in _MOVING]
    for obj in moving:
        run.change(reach((obj,)) if obj.kind is Kind.HANDLE else (obj,), "draws from")
    if callee.root in ("matplotlib", "seaborn", "pandas", "sklearn", "scipy"):
        run.change(obj for obj in everything if obj.kind is Kind.FIGURE)
    if callee.path in _WRAPPERS or callee.path in ("weakref.ref", "weakref.proxy"):
        return NOTHING
    return call_back(run, node, everything, everything)


def change_outputs(run: CellRun, args: Args) -> None:
    """Note the arguments that a call is asked to write into."""
    for name, value in args.named.items():
        if name == "out" or (name == "ax" and value):
            run.change(value)
            run.change(elements(value))
    if any(_asks_to_write(args, name) for name in args.named):
        for value in args.positional:
            run.change(obj for obj in value if obj.kind is not Kind.MODULE)


def _asks_to_write(args: Args, name: str) -> bool:
    if name.startswith("copy"):
        return not args.is_literal(name, True)  # noqa: FBT003 - the user's literal
    if name.startswith("overwrite") or name == "inplace":
        return not args.is_literal(name, False)  # noqa: FBT003 - the user's literal
    return False


# --- files ------------------------------------------------------------------------


def _use_files(run: CellRun, callee: Callee, args: Args) -> None:
    path = callee.path
    if path in known.READS_PATH:
        place, name = known.READS_PATH[path]
        _read(run, args, place, name)
    elif callee.root == "pandas" and callee.last.startswith("read_"):
        _read(run, args, 0, "filepath_or_buffer")
    if path in known.WRITES_PATH:
        place, name = known.WRITES_PATH[path]
        if not any(obj.kind is Kind.HANDLE for obj in args.value(place, name)):
            target = text_of(run, args.node(place, name))
            files.write_file(run, target, is_new=path in known.WRITES_NEW)
    if path in ("shutil.move", "os.rename", "os.replace"):
        files.write_file(run, text_of(run, args.node(0, "src")), is_new=False)


def _read(run: CellRun, args: Args, place: int, name: str) -> None:
    given = args.node(place, name)
    handles = [obj for obj in args.value(place, name) if obj.kind is Kind.HANDLE]
    if not handles:
        path = text_of(run, given)
        files.read_file(run, path if given is not None else ".")


def open_file(run: CellRun, path: str, args: Args, node: object) -> Value:
    """Open a file: what is written through the handle later is written to it."""
    place, name = known.OPENS[path]
    handle = run.make(node, Kind.HANDLE)
    value = frozenset((handle,))
    if path in known.NO_FILE:
        run.hold(value, args.everything)
        return value
    given = text_of(run, args.node(place, name))
    mode_node = args.node(1, "mode")
    mode = "r" if mode_node is None else text_of(run, mode_node)
    if path in ("sqlite3.connect", "pandas.HDFStore"):
        mode = "a"
    elif path == "pandas.ExcelWriter":
        mode = "w"
    return open_mode(run, handle, given, mode)


def open_mode(run: CellRun, handle: Obj, given: str | None, mode: str | None) -> Value:
    """Let `handle` be opened on a path in a mode, either None if not known."""
    value = frozenset((handle,))
    if mode is None or any(letter in mode for letter in "ra+"):
        files.read_file(run, given)
    if mode is None or any(letter in mode for letter in "wax+"):
        is_new = mode is not None and "w" in mode
        content = files.write_file(run, given, is_new=is_new)
        run.link(handle, content)
    return value


# --- results ----------------------------------------------------------------------


def _result(
    run: CellRun, callee: Callee, args: Args, node: object, returned: Value
) -> Value:
    path, root, last = callee.path, callee.root, callee.last
    everything = args.everything
    if path in known.OPENS:
        return open_file(run, path, args, node)
    if path in _WRAPPERS:
        return _wrap(run, path, args, node)
    if root in _NUMBERS or path.startswith("os.path.") or path in _TEXTS:
        return NOTHING
    if path in ("collections.namedtuple", "enum.Enum", "typing.NamedTuple"):
        return frozenset((run.world.module(path + "()"),))
    if path == "copy.copy":
        return _copy(run, args, node)
    if path == "sklearn.base.clone":
        return _deep_copy(run, everything, node)
    if path in ("logging.getLogger", "decimal.getcontext"):
        return frozenset((run.world.module(path + "()"),))
    if path in known.OWN_GENERATORS:
        return frozenset((run.make(node, Kind.RNG, everything, lib="numpy"),))
    if root == "itertools" or path in _ITERATING or root == "tqdm":
        return frozenset((run.make(node, Kind.ITERATOR, everything),))
    if root == "pandas" and (args.has("chunksize") or args.has("iterator")):
        return frozenset((run.make(node, Kind.HANDLE, everything),))
    if root in ("matplotlib", "seaborn"):
        return _figure(run, callee, args, node)
    if root == "sklearn" and (last[:1].isupper() or last.startswith("make_")):
        return _estimator(run, callee, args, node)
    return _plain_result(run, callee, args, node, returned)


def _plain_result(
    run: CellRun, callee: Callee, args: Args, node: object, returned: Value
) -> Value:
    everything = args.everything
    if callee.path == "copy.deepcopy":
        return _deep_copy(run, everything, node)
    if callee.root in OWN:
        held = {obj for obj in reach(everything) if obj.kind in _KEPT_INSIDE}
        traits = frozenset({"split"}) if callee.last in _SPLITTING else frozenset()
        lib = callee.root
        obj = run.make(node, Kind.LIB, held | returned, lib=lib, traits=traits)
        if callee.last in known.SHARING_FUNCTIONS:
            return frozenset((obj,)) | everything
        return frozenset((obj,)) | returned
    obj = run.make(node, Kind.LIB, everything | returned, lib=callee.root)
    return frozenset((obj,)) | (returned if callee.root == "functools" else NOTHING)


_KEPT_INSIDE = frozenset({Kind.INSTANCE, Kind.UNKNOWN, Kind.ESTIMATOR, Kind.FIGURE})
_SPLITTING = frozenset({"train_test_split"})


def _wrap(run: CellRun, path: str, args: Args, node: object) -> Value:
    if path == "functools.lru_cache" and not args.value(0):
        return frozenset((run.world.module(path + "()"),))
    obj = run.make(node, Kind.BOUND, args.everything, name=path)
    run.set_field(obj, CALLED, args.value(0))
    return frozenset((obj,))


def _copy(run: CellRun, args: Args, node: object) -> Value:
    """Make a shallow copy of an object."""
    copies = set()
    for source in args.value(0):
        copy = _twin(run, source, node)
        run.hold(frozenset((copy,)), frozenset(source.children))
        for name, value in source.fields.items():
            run.set_field(copy, name, value)
        copies.add(copy)
    return frozenset(copies)


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


def _deep_copy(run: CellRun, value: Value, node: object) -> Value:
    """Copy the part of the heap that `value` reaches."""
    copies = {source: _twin(run, source, node) for source in reach(value)}
    for source, copy in copies.items():
        if copy is source:
            continue
        for child in list(source.children):
            run.link(copy, copies.get(child, child))
        for name, held in source.fields.items():
            run.set_field(copy, name, frozenset(copies.get(one, one) for one in held))
    return frozenset(copies.get(obj, obj) for obj in value)


_NOT_COPIED = frozenset({Kind.MODULE, Kind.FUNCTION, Kind.CLASS})


def _figure(run: CellRun, callee: Callee, args: Args, node: object) -> Value:
    if callee.last in known.SEABORN_PURE or callee.last in ("get_cmap", "imread"):
        return frozenset((run.make(node, Kind.LIB, lib="numpy"),))
    if callee.path.startswith("matplotlib.pyplot.") and run.world.figures_survive:
        current = run.read_state("$figure", "the current figure")
        figure = run.make(node, Kind.FIGURE, args.everything, lib="matplotlib")
        run.mark("$figure", "draws on", frozenset((figure,)))
        run.change(current)
        return frozenset((figure,)) | current
    figure = run.make(node, Kind.FIGURE, args.everything, lib="matplotlib")
    run.change(obj for obj in args.everything if obj.kind is Kind.FIGURE)
    return frozenset((figure,)) | frozenset(
        obj for obj in args.everything if obj.kind is Kind.FIGURE
    )


def _estimator(run: CellRun, callee: Callee, args: Args, node: object) -> Value:
    if callee.last.startswith("make_") and "pipeline" not in callee.path:
        if not callee.last.startswith(("make_column", "make_union", "make_pipeline")):
            return frozenset((run.make(node, Kind.LIB, lib="sklearn"),))
    traits = set()
    is_drawing = callee.last in known.DRAWING_CLASSES
    if callee.last in known.DRAWING_IF_SHUFFLED:
        is_drawing = args.has("shuffle")
    if is_drawing and not is_seeded(args):
        traits.add("draws")
    if callee.last in known.HOLDING_CLASSES:
        traits.add("holds")
    if any(_asks_to_write(args, name) for name in args.named):
        traits.add("writes")
    if args.has("warm_start"):
        traits.add("warm")
    children = args.everything | frozenset(elements(args.everything))
    obj = run.make(
        node,
        Kind.ESTIMATOR,
        children,
        lib="sklearn",
        name=callee.last,
        traits=frozenset(traits),
    )
    if ".datasets." in callee.path:
        obj.kind = Kind.LIB
    return frozenset((obj,))
