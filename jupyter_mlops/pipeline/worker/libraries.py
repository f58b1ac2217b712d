"""Which libraries may be imported before a fork, and which of them a notebook imports.

Standard library only.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

FORKABLE = frozenset({
    "IPython", "PIL", "bs4", "dateutil", "ipywidgets", "joblib", "matplotlib",
    "networkx", "numpy", "pandas", "patsy", "requests", "scipy", "seaborn", "sklearn",
    "statsmodels", "torch", "tqdm", "yaml",
})  # fmt: skip
"""Imported and forked without harm; no thread of theirs lives by then (see `threads`).
Not among them, since its threads do: polars. Nor what draws a seed of its own."""

_MODULES = frozenset({"matplotlib.pyplot", "scipy.stats", "scipy.optimize"})
"""What ``from package import name`` imports as a module."""

_TOUCHY = re.compile(
    r"\b(?:putenv|(?:pip|pip3|conda|mamba|uv)\s+(?:\w+\s+)?install)\b"
    r"|\benviron\s*(?:\[[^\]]*\]\s*=[^=]|\|=|\.\s*(?:setdefault|update|pop|clear)\b)"
    r"|\bdel\s+[\w.]*environ\b|%(?:set_)?env\b|\bmatplotlibrc\b"
    r"|\bsys\.(?:path|modules|meta_path)\b|\bload_dotenv\b"
)
"""Code after which an import may give something else."""


def libraries_of(sources: Iterable[str], folder: Path) -> list[str]:
    """Name what a notebook surely imports and may be there before it begins.

    Parameters
    ----------
    sources : iterable of str
        Its code cells.
    folder : Path
        Where it works: a module of its own there comes first.

    Returns
    -------
    list of str
        Modules, sorted. None when the notebook changes what an import gives.
    """
    every = list(sources)
    if any(_TOUCHY.search(source) for source in every):
        return []
    if (folder / "matplotlibrc").exists():
        return []
    names = {
        name for source in every if "import" in source for name in _imports(source)
    }
    return sorted(name for name in names if _is_fit(name, folder))


def _is_fit(name: str, folder: Path) -> bool:
    top = name.partition(".")[0]
    if top not in FORKABLE:
        return False
    return not (folder / top).exists() and not (folder / f"{top}.py").exists()


def _imports(source: str) -> Iterator[str]:
    """Yield the modules that a cell imports at its top level."""
    # Magics are no Python: their lines are of no interest here.
    lines = source.splitlines()
    if lines and lines[0].lstrip().startswith("%%"):
        if not re.match(r"\s*%%(?:time|timeit|capture|track|prun)\b", lines[0]):
            return
        lines[0] = ""
    plain = "\n".join("" if re.match(r"\s*[%!?]", line) else line for line in lines)
    try:
        tree = ast.parse(plain)
    except (SyntaxError, ValueError):
        return
    for node in tree.body:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            for alias in node.names:
                if (full := f"{node.module}.{alias.name}") in _MODULES:
                    yield full


def is_volatile(variable: str) -> bool:
    """Tell whether an environment variable changes from shell to shell, to no effect.

    Any other one may act when a library is imported.
    """
    return variable in _VOLATILE or variable.startswith(_VOLATILE_PREFIXES)


_VOLATILE = frozenset({
    "_", "COLORTERM", "COLUMNS", "DBUS_SESSION_BUS_ADDRESS", "INVOCATION_ID",
    "JOURNAL_STREAM", "LINES", "LS_COLORS", "OLDPWD", "PS1", "PWD",
    "PYTEST_CURRENT_TEST", "SHLVL", "TERM", "TERM_PROGRAM", "TERM_PROGRAM_VERSION",
    "TMUX", "TMUX_PANE", "WINDOWID",
})  # fmt: skip
_VOLATILE_PREFIXES = ("JPY_", "JUPYTER_MLOPS_", "SSH_", "TERM_SESSION", "XDG_SESSION_")


def lasting_variables(environ: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the variables of an environment that are not volatile, sorted."""
    return sorted(item for item in environ if not is_volatile(item[0]))
