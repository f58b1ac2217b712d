"""What calls of known functions return: fresh objects, shared ones, or arguments."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from jupyter_mlops.capture.dataflow import copies
from jupyter_mlops.capture.dataflow.callbacks import CALLED
from jupyter_mlops.capture.dataflow.filecalls import open_file
from jupyter_mlops.capture.dataflow.globaleffects import is_seeded
from jupyter_mlops.capture.dataflow.heap import NOTHING, Kind, Value, elements, reach
from jupyter_mlops.capture.dataflow.knowledge import libraries as known
from jupyter_mlops.capture.dataflow.knowledge.paths import OPENS
from jupyter_mlops.capture.dataflow.knowledge.randomness import (
    DRAWING_CLASSES,
    DRAWING_IF_SHUFFLED,
    OWN_GENERATORS,
)
from jupyter_mlops.capture.dataflow.writtenargs import asks_to_write

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_mlops.capture.dataflow.callsite import Call
    from jupyter_mlops.capture.dataflow.run import CellRun

WRAPPERS = frozenset(
    {
        "contextlib.asynccontextmanager",
        "contextlib.contextmanager",
        "functools.cache",
        "functools.cmp_to_key",
        "functools.lru_cache",
        "functools.lru_cache()",
        "functools.partial",
        "functools.partialmethod",
        "functools.singledispatch",
        "joblib.delayed",
        "numpy.frompyfunc",
        "numpy.vectorize",
    }
)
"""Functions that give back something which calls what they were given."""

OWN = frozenset({"numpy", "pandas", "sklearn", "scipy", "patsy"})
"""Libraries whose results do not hold their arguments unless said."""

_KEPT_INSIDE = frozenset({Kind.INSTANCE, Kind.UNKNOWN, Kind.ESTIMATOR, Kind.FIGURE})


Rule: TypeAlias = "Callable[[CellRun, Call], Value]"


def result_of(run: CellRun, call: Call) -> Value:
    """Give what a call of a known function returns."""
    rule = _BY_PATH.get(call.path) or _BY_ROOT.get(call.root, _plain)
    return rule(run, call)


def _plain(run: CellRun, call: Call) -> Value:
    everything = call.args.everything
    # A container of collections holds what it is filled from, not that itself.
    held = everything | elements(everything) | call.returned
    return frozenset((run.make(call.node, Kind.LIB, held, lib=call.root),))


def _number(_run: CellRun, _call: Call) -> Value:
    return NOTHING


def _opened(run: CellRun, call: Call) -> Value:
    return open_file(run, call.path, call.args, call.node)


def _wrapped(run: CellRun, call: Call) -> Value:
    first = call.args.value(0)
    if call.path == "functools.lru_cache" and not first:
        return _factory(run, call)
    obj = run.make(call.node, Kind.BOUND, call.args.everything, name=call.path)
    run.set_field(obj, CALLED, first)
    return frozenset((obj,))


def _factory(run: CellRun, call: Call) -> Value:
    """Give the one thing that stands for all that such calls make."""
    return frozenset((run.world.module(call.path + "()"),))


def _generator(run: CellRun, call: Call) -> Value:
    held = call.args.everything
    return frozenset((run.make(call.node, Kind.RNG, held, lib="numpy"),))


def _iterator(run: CellRun, call: Call) -> Value:
    return frozenset((run.make(call.node, Kind.ITERATOR, call.args.everything),))


def _reduced(run: CellRun, call: Call) -> Value:
    # Of an empty sequence it is the start, of one item that item.
    everything = call.args.everything
    return _plain(run, call) | call.returned | everything | elements(everything)


def _taken(run: CellRun, call: Call) -> Value:
    """Give an item of the argument, or several of them."""
    everything = call.args.everything
    found = elements(everything) | elements(elements(everything))
    taken = found | everything | call.returned
    return taken | {run.make(call.node, Kind.DATA, taken)}


def _caller(run: CellRun, call: Call) -> Value:
    """Give what may call any method, with what it was given."""
    held = call.args.everything
    return frozenset((run.make(call.node, Kind.UNKNOWN, held, lib="operator"),))


def _copied(run: CellRun, call: Call) -> Value:
    return copies.copy_shallow(run, call.args.value(0), call.node)


def _copied_deep(run: CellRun, call: Call) -> Value:
    return copies.copy_deep(run, call.args.everything, call.node)


def _own(run: CellRun, call: Call) -> Value:
    """Give the array, frame or number that numpy, pandas and their kin compute."""
    args, everything = call.args, call.args.everything
    if call.root == "pandas" and (args.has("chunksize") or args.has("iterator")):
        return frozenset((run.make(call.node, Kind.HANDLE, everything),))
    held = {obj for obj in reach(everything) if obj.kind in _KEPT_INSIDE}
    is_split = call.last == "train_test_split"
    obj = run.make(
        call.node,
        Kind.LIB,
        held | call.returned,
        lib=call.root,
        traits=frozenset({"split"}) if is_split else frozenset(),
    )
    shared = everything if call.last in known.SHARING_FUNCTIONS else NOTHING
    for one in shared:
        one.is_viewed = True
    return call.returned | shared | {obj}


def _figure(run: CellRun, call: Call) -> Value:
    if call.last in known.SEABORN_PURE or call.last in ("get_cmap", "imread"):
        return frozenset((run.make(call.node, Kind.LIB, lib="numpy"),))
    everything = call.args.everything
    given = frozenset(obj for obj in everything if obj.kind is Kind.FIGURE)
    figure = run.make(call.node, Kind.FIGURE, everything, lib="matplotlib")
    run.change(given, "draws on")
    value = given | {figure}
    if call.path.startswith("matplotlib.pyplot.") and run.world.figures_survive:
        current = run.read_state("$figure", "the current figure")
        run.mark("$figure", "draws on", value)
        run.change(current, "draws on")
        value |= current
    return value


def _scikit(run: CellRun, call: Call) -> Value:
    is_class = call.last[:1].isupper() and ".datasets." not in call.path
    if is_class or call.last.startswith(("make_column", "make_union", "make_pipeline")):
        return _estimator(run, call)
    return _own(run, call)


def _estimator(run: CellRun, call: Call) -> Value:
    args = call.args
    is_drawing = call.last in DRAWING_CLASSES
    if call.last in DRAWING_IF_SHUFFLED:
        is_drawing = args.has("shuffle")
    traits = {
        "draws": is_drawing and not is_seeded(run, args),
        "holds": call.last in known.HOLDING_CLASSES,
        "writes": any(asks_to_write(args, name) for name in args.named),
        "warm": args.has("warm_start"),
    }
    obj = run.make(
        call.node,
        Kind.ESTIMATOR,
        args.everything | elements(args.everything),
        lib="sklearn",
        name=call.last,
        traits=frozenset(trait for trait, holds in traits.items() if holds),
    )
    return frozenset((obj,))


_ITERATING = (
    "csv.reader csv.DictReader os.walk os.scandir glob.iglob re.finditer numpy.nditer "
    "numpy.ndenumerate numpy.ndindex heapq.merge"
).split()
_TEXTS = "os.getenv os.environ.get os.environ.pop os.getcwd os.path.join".split()
_FACTORIES = (
    "collections.namedtuple enum.Enum typing.NamedTuple logging.getLogger "
    "decimal.getcontext operator.itemgetter"
).split()
_CALLERS = "operator.methodcaller operator.attrgetter".split()
_BY_PATH: dict[str, Rule] = {
    **dict.fromkeys(OPENS, _opened),
    **dict.fromkeys(WRAPPERS, _wrapped),
    **dict.fromkeys(_FACTORIES, _factory),
    **dict.fromkeys(OWN_GENERATORS, _generator),
    **dict.fromkeys(_ITERATING, _iterator),
    **dict.fromkeys(_TEXTS, _number),
    **dict.fromkeys(_CALLERS, _caller),
    "functools.reduce": _reduced,
    "operator.itemgetter()": _taken,
    "operator.getitem": _taken,
    "copy.copy": _copied,
    "copy.deepcopy": _copied_deep,
    "sklearn.base.clone": _copied_deep,
}
_BY_ROOT: dict[str, Rule] = {
    **dict.fromkeys(("math", "cmath", "statistics", "time", "keyword"), _number),
    **dict.fromkeys(("itertools", "tqdm"), _iterator),
    **dict.fromkeys(("matplotlib", "seaborn"), _figure),
    **dict.fromkeys(OWN, _own),
    "sklearn": _scikit,
}
