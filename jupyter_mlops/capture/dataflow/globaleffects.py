"""What calls of known functions do to random numbers, options and figures."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from jupyter_mlops.capture.dataflow import files, settings
from jupyter_mlops.capture.dataflow.constants import constant, text_of
from jupyter_mlops.capture.dataflow.heap import reach
from jupyter_mlops.capture.dataflow.knowledge import libraries as known
from jupyter_mlops.capture.dataflow.knowledge import randomness

if TYPE_CHECKING:
    from jupyter_mlops.capture.dataflow.arguments import Args
    from jupyter_mlops.capture.dataflow.callsite import Call
    from jupyter_mlops.capture.dataflow.run import CellRun

_BACKENDS = ("matplotlib.use", "matplotlib.pyplot.switch_backend")
_PLACES = ("os.getcwd", "os.path.abspath", "pathlib.Path.cwd")
_LOGGING = frozenset(
    {
        "addFilter",
        "addHandler",
        "captureWarnings",
        "removeFilter",
        "removeHandler",
        "setLevel",
    }
)


def set_state(run: CellRun, call: Call) -> None:
    """Note the options and other shared states that a call sets or reads."""
    path, args = call.path, call.args
    if path in known.CHANGING_SYSTEM:
        settings.make_setting(run, path, None, args.everything)
    elif path in known.SETS_OPTIONS or (
        call.root == "logging" and call.last in _LOGGING
    ):
        settings.make_setting(run, path, _call_key(call), args.everything)
        if path in _BACKENDS:
            run.world.figures_survive = True
    elif path == "os.chdir":
        run.read_state("$cwd", "the working directory")
        files.read_file(run, text_of(run, args.node(0, "path")))
        run.replace("$cwd", "changes")
    elif path in _PLACES:
        run.read_state("$cwd", "the working directory")
    elif path.startswith(("os.environ", "os.getenv")):
        run.touch("environ")
    elif path == "importlib.reload":
        for obj in args.value(0):
            run.mark(run.set_setting(obj.lib, ""), "reloads")
    elif path.startswith("matplotlib.pyplot.") or call.root == "seaborn":
        _draw_figure(run, call)


def _call_key(call: Call) -> str | None:
    """Give the text of a call whose effect the code alone decides."""
    node, args = call.node, call.args
    if not isinstance(node, ast.Call) or args.is_open:
        return None
    for part in args.nodes.values():
        for inner in ast.walk(part):
            if isinstance(inner, ast.Name | ast.Call | ast.Await | ast.NamedExpr):
                return None
    if call.last == "set_option" and [*args.nodes] == [0, 1]:
        return ast.unparse(node.args[0])
    return ast.unparse(node)


def _draw_figure(run: CellRun, call: Call) -> None:
    if call.root == "seaborn":
        if call.last not in known.SEABORN_PURE:
            settings.draw_figure(run)
        return
    first = call.path.split(".")[2]
    if first in known.NO_DRAWING:
        run.touch("matplotlib")
        return
    settings.draw_figure(
        run,
        is_fresh=first in known.FRESH_FIGURES,
        is_all=first in known.ALL_FIGURES,
    )


def draw_numbers(run: CellRun, call: Call) -> None:
    """Note the random numbers that a call draws, and the seeds it sets."""
    path, args = call.path, call.args
    if path in randomness.SEEDING:
        _seed(run, call)
    elif path in randomness.STATE_READING:
        settings.read_generator(run, randomness.STATE_READING[path])
    elif path in randomness.OWN_GENERATORS:
        if (not args.positional and not args.named) or _is_none(args.node(0)):
            run.warnings.append(f"makes a random generator ({path}) without a seed")
    elif call.last in randomness.NO_DRAW:
        return
    elif path.startswith("numpy.random.") or call.root == "random":
        generator = "random" if call.root == "random" else "numpy.random"
        settings.draw(run, generator, is_sure=True)
    elif call.root in ("sklearn", "scipy"):
        if call.last in randomness.DRAWING_FUNCTIONS and _may_draw(run, call):
            settings.draw(run, "numpy.random")
    elif call.root in ("secrets", "uuid") or path in ("os.urandom", "os.getrandom"):
        run.warnings.append(f"uses {path}, which gives something else each time")


def _seed(run: CellRun, call: Call) -> None:
    args = call.args
    is_chance = not args.positional and not args.named
    is_chance |= args.is_literal("seed", None) or _is_none(args.node(0))
    for generator in randomness.SEEDING[call.path]:
        if is_chance:
            settings.unseed(run, generator)
        else:
            settings.seed(run, generator)


def _is_none(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _may_draw(run: CellRun, call: Call) -> bool:
    if call.last.startswith("cross_val") or call.last.endswith("_curve"):
        # They draw only if what they are given does.
        return any("draws" in obj.traits for obj in reach(call.args.everything))
    return not is_seeded(run, call.args)


def is_seeded(run: CellRun, args: Args) -> bool:
    """Tell whether a call is surely told its own seed or generator."""
    for name in ("random_state", "seed", "rng"):
        node = args.nodes.get(name)
        if node is not None and not _is_none(node):
            # A name may hold None; a number, or something made here, may not.
            is_made = isinstance(node, ast.Call) or bool(args.named[name])
            return is_made or constant(run, node) is not None
    return False
