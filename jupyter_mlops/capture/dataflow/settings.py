"""States that all cells share: random numbers, options, the environment, figures.

Each is a name that starts with ``$``; a cell that sets one is needed by later cells
that may depend on it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_mlops.capture.dataflow.heap import NOTHING, Kind, Obj, Value, reach
from jupyter_mlops.capture.dataflow.knowledge.libraries import STATELESS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jupyter_mlops.capture.dataflow.run import CellRun

GENERATORS = {
    "random": "Python's random state",
    "numpy.random": "numpy's random state",
    "torch.random": "torch's random state",
    "tensorflow.random": "tensorflow's random state",
}
COMMON = "python"
"""Settings under this name matter to every cell that calls anything."""

_STATE_OF_PATH = (
    ("os.environ", "environ"),
    ("sys.path", "sys.path"),
    ("matplotlib.pyplot.rcParams", "rcParams"),
    ("matplotlib.rcParams", "rcParams"),
    ("matplotlib", "rcParams"),
    ("seaborn", "rcParams"),
    ("pandas", "pandas.options"),
    ("numpy", "numpy.options"),
    ("sklearn", "sklearn.config"),
    ("warnings", "warnings.filters"),
)
_LIB_OF_STATE = {
    "environ": "environ",
    "sys.path": "imports",
    "rcParams": "matplotlib",
    "pandas.options": "pandas",
    "numpy.options": "numpy",
    "sklearn.config": "sklearn",
    "warnings.filters": "warnings",
}
_COMMON_LIBS = frozenset({"warnings", "logging", "locale", "decimal", "sys", "gc"})
_READ_BY_CALLS = (COMMON, "environ", "warnings")


def lib_of(path: str) -> str:
    """Say under which library's name a setting at `path` is kept."""
    for start, state in _STATE_OF_PATH:
        if path == start or path.startswith(start + "."):
            return _LIB_OF_STATE[state]
    root = path.partition(".")[0]
    return COMMON if root in _COMMON_LIBS else root


def patch(run: CellRun, module: Obj, value: Value, *, key: str | None) -> None:
    """Note that something in a module is set: an option, or a function replaced."""
    lib = lib_of(module.name)
    state = run.set_setting(lib, f"{module.name}[{key}]")
    if key is None:
        run.mark(state, "sets", value)
    else:
        run.replace(state, "sets", value)
    if any(obj.kind is not Kind.MODULE for obj in value):
        run.mark(f"$patched {module.name}", "replaces", value)


def make_setting(run: CellRun, path: str, key: str | None, value: Value) -> None:
    """Note that a call to `path` sets an option; the same call again replaces it."""
    lib = lib_of(path)
    state = run.set_setting(lib, f"{path}({key})")
    if key is None:
        run.mark(state, "sets", value)
    else:
        run.replace(state, "sets", value)


def read_module_item(run: CellRun, module: Obj) -> Value:
    """Read an item of something found in a module, such as ``os.environ``."""
    lib = lib_of(module.name)
    run.touch(lib)
    run.touch(module.lib)
    return NOTHING if lib != module.lib else frozenset((module,))


def use_library(run: CellRun, lib: str) -> None:
    """Note that code of a library runs: what it may be subject to matters."""
    run.touch(lib)
    run.touch("*")
    for common in _READ_BY_CALLS:
        run.touch(common)


# --- random numbers --------------------------------------------------------------


def seed(run: CellRun, generator: str) -> None:
    """Note that a global generator is set to a known state."""
    run.replace(f"$rng {generator}", "seeds")


def unseed(run: CellRun, generator: str) -> None:
    """Note that a global generator is set to a state of chance."""
    run.mark(f"$rng {generator}", "reseeds")
    run.warnings.append(f"gives {GENERATORS[generator]} a seed of chance")


def draw(run: CellRun, generator: str, *, is_sure: bool = False) -> None:
    """Note that a global generator may move on.

    Parameters
    ----------
    is_sure : bool
        Numbers are drawn whenever the code runs. If the state is then as before, it
        did not run or put the state back, as a copy of the state may.
    """
    key = f"$rng {generator}"
    if _is_ruled_out(run, generator):
        if is_sure:
            run.read_state(key, GENERATORS[generator])
        return
    run.drawn.add(generator)
    if run.lookup(key) is None:
        warning = f"draws from {GENERATORS[generator]}, which no cell has seeded"
        if warning not in run.warnings:
            run.warnings.append(warning)
        return
    run.read_state(key, GENERATORS[generator])
    run.mark(key, "draws from")


def read_generator(run: CellRun, generator: str) -> None:
    """Note that the state of a global generator is looked at."""
    run.read_state(f"$rng {generator}", GENERATORS[generator])


# --- figures ---------------------------------------------------------------------


def draw_figure(run: CellRun, *, is_fresh: bool = False, is_all: bool = False) -> None:
    """Note that pyplot draws, on the current figure or on a fresh one."""
    run.touch("matplotlib")
    if not run.world.figures_survive:
        return
    if is_all or not is_fresh:
        key = "$figures" if is_all else "$figure"
        label = "the open figures" if is_all else "the current figure"
        run.change(run.read_state(key, label), "draws on")
    if is_fresh:
        run.replace("$figure", "draws on")
    else:
        run.mark("$figure", "draws on")
    run.mark("$figures", "draws on")


# --- what cannot be seen ---------------------------------------------------------


def use_unknown(run: CellRun, lib: str, given: Value, why: str) -> None:
    """Note that code runs which may read and change any global state.

    Parameters
    ----------
    lib : str
        The library it belongs to: it may keep what it is given, and change what it
        was given before.
    """
    use_library(run, lib)
    if lib in STATELESS:
        for generator in GENERATORS:
            if run.lookup(f"$rng {generator}") is not None:
                draw(run, generator)
        return
    for name in list(run.world.settings):
        run.touch(name)
    state = run.set_setting(lib, "")
    held = run.read_state(state, f"the state of {lib}")
    run.change((obj for obj in reach(held) if obj.kind not in _UNMOVED), "may change")
    run.mark(state, why, given)
    for generator in GENERATORS:
        read_generator(run, generator)
        _may_set(run, generator, f"$rng {generator}", why)
    _may_set(run, "cwd", "$cwd", why)
    run.read_state("$cwd", "the working directory")
    for known, kept in _LIB_OF_STATE.items():
        if known in _SETTABLE:
            _may_set(run, known, run.set_setting(kept, "?"), why)
    if run.world.figures_survive and not _is_ruled_out(run, "figures"):
        draw_figure(run, is_all=True)


_UNMOVED = frozenset({Kind.MODULE, Kind.FUNCTION, Kind.CLASS})
_SETTABLE = frozenset(_LIB_OF_STATE)


def _is_ruled_out(run: CellRun, state: str) -> bool:
    return run.evidence is not None and run.evidence.rules_out(state)


def _may_set(run: CellRun, state: str, key: str, why: str) -> None:
    if not _is_ruled_out(run, state):
        run.mark(key, why)


def mark_touched(run: CellRun, touched: Iterable[str]) -> None:
    """Note the global states that evidence saw change, whatever the text says."""
    for state in touched:
        if state in GENERATORS:
            key = f"$rng {state}"
            if state not in run.drawn and key not in run.layers[0].ever:
                run.read_state(key, GENERATORS[state])
                run.mark(key, "draws from")
        elif state == "cwd" and "$cwd" not in run.layers[0].ever:
            run.mark("$cwd", "changes")
        elif state in _LIB_OF_STATE:
            _mark_setting(run, state)


def _mark_setting(run: CellRun, state: str) -> None:
    lib = _LIB_OF_STATE[state]
    known = run.world.settings.get(lib, set())
    if not any(key in run.layers[0].ever for key in known):
        run.mark(run.set_setting(lib, "?"), "sets")
