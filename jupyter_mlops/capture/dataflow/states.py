"""Reading the global states that cells share, cheaply: what evidence compares.

A reader gives something that is equal as long as its state is, or None where the
state cannot be looked at. Nothing is imported for it: what is not loaded is not read.
"""

from __future__ import annotations

import os
import random
import sys
import warnings
from typing import TYPE_CHECKING, Any

from jupyter_mlops.settings import RUN_VARIABLE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WATCHED = frozenset(
    {
        "random",
        "numpy.random",
        "cwd",
        "environ",
        "sys.path",
        "rcParams",
        "pandas.options",
        "numpy.options",
        "sklearn.config",
        "warnings.filters",
    }
)
"""States that a reader sees all of: unchanged here is unchanged."""


_OWN = frozenset({RUN_VARIABLE, RUN_VARIABLE.encode()})


def read_states() -> dict[str, Any]:
    """Read every state that can be read, by the name that evidence uses for it."""
    found = {}
    for name, read in _READERS.items():
        try:
            state = read()
        except Exception:  # noqa: BLE001, S112 - the insides of others; unread is not watched
            continue
        if state is not None:
            found[name] = state
    return found


def are_figures_open() -> bool:
    """Tell whether pyplot has figures that a later cell may draw on."""
    module = sys.modules.get("matplotlib._pylab_helpers")
    return module is not None and bool(module.Gcf.figs)


def _numpy_random() -> Any:
    module = sys.modules.get("numpy.random")
    if module is None:
        return None
    state = module.get_state(legacy=False)
    inner = {
        key: value.tobytes() if hasattr(value, "tobytes") else value
        for key, value in state.pop("state").items()
    }
    return state, inner


def _torch_random() -> Any:
    module = sys.modules.get("torch.random")
    # Tensors compare to tensors; a text of bytes compares to a text.
    return None if module is None else bytes(module.get_rng_state().numpy())


def _environ() -> Any:
    # The decoded view of it costs twenty times as much.
    kept = getattr(os.environ, "_data", None)
    held = dict(os.environ) if kept is None else dict(kept)
    # Which run is open is told there, by us.
    return {key: value for key, value in held.items() if key not in _OWN}


def _rc_params() -> Any:
    module = sys.modules.get("matplotlib")
    params = getattr(module, "rcParams", None)
    if params is None:
        return None
    values = list(dict.values(params))
    # Lists are changed in place.
    return values, [tuple(value) for value in values if type(value) is list]


def _pandas_options() -> Any:
    module = sys.modules.get("pandas._config.config")
    if module is None:
        return None
    held = module._global_config  # noqa: SLF001 - the public way takes 100 times as long
    return [part.copy() for part in _parts(held, len(sys.modules))]


def _numpy_options() -> Any:
    numpy = sys.modules.get("numpy")
    if numpy is None:
        return None
    return (
        numpy.get_printoptions(),
        numpy.geterr(),
        numpy.geterrcall(),
        numpy.getbufsize(),
    )


def _sklearn_config() -> Any:
    module = sys.modules.get("sklearn")
    return None if module is None else module.get_config()


_found: tuple[int, list[dict[str, Any]]] = (0, [])


def _parts(options: dict[str, Any], moment: int) -> list[dict[str, Any]]:
    """Find the dicts of a tree of options; only an import adds to them."""
    global _found  # noqa: PLW0603 - the last answer, by the number of modules
    if _found[0] != moment:
        _found = (moment, list(_walk(options)))
    return _found[1]


def _walk(options: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield options
    for value in options.values():
        if isinstance(value, dict):
            yield from _walk(value)


_READERS: dict[str, Callable[[], Any]] = {
    "random": random.getstate,
    "numpy.random": _numpy_random,
    "torch.random": _torch_random,
    "cwd": os.getcwd,
    "environ": _environ,
    "sys.path": lambda: tuple(sys.path),
    "rcParams": _rc_params,
    "pandas.options": _pandas_options,
    "numpy.options": _numpy_options,
    "sklearn.config": _sklearn_config,
    "warnings.filters": lambda: tuple(warnings.filters),
}
