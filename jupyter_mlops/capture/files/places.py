"""Which places hold no work of the user's: the interpreter's, caches, our own."""

from __future__ import annotations

import os
import site
import sys
import sysconfig
import tempfile
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_SYSTEM = ("/proc", "/sys", "/dev", "/run", "/etc", "/usr/share", "/usr/lib", "/lib")
_OF_HOME = (
    ".cache",
    ".ipython",
    ".jupyter",
    ".matplotlib",
    ".config",
    ".local/share/jupyter",
    ".local/share/fonts",
    ".fonts",
    "Library/Caches",
    "Library/Fonts",
    "Library/Jupyter",
)
_FOLDERS = frozenset({".mlops", "__pycache__", ".ipynb_checkpoints", ".git", ".dvc"})
_OWN = __file__.rsplit(os.sep, 3)[0]
COMPILED = (".pyc", ".pyo", ".so", ".pyd", ".dylib")


class Places:
    """Tells the user's files from the others.

    Parameters
    ----------
    project : Path or str, optional
        A place that contains it is no reason to leave a file out: some work in a
        folder below the interpreter's.
    """

    def __init__(self, project: Path | str | None = None) -> None:
        within = "" if project is None else f"{os.fspath(project)}/"
        self._left_out = tuple(
            place for place in _left_out() if not within.startswith(place)
        )

    def is_left_out(self, path: str) -> bool:
        """Tell whether the absolute `path` is none of the user's work."""
        if path.startswith(self._left_out) or path.endswith(COMPILED):
            return True
        if "/." not in path and "/__" not in path:
            return False
        return not _FOLDERS.isdisjoint(path.split("/"))


def is_temporary(path: str, folder: str | os.PathLike[str]) -> bool:
    """Tell whether a path lies where temporary files do, and not in `folder` or it."""
    home = tempfile.gettempdir()
    return path.startswith(f"{home}/") and not f"{path}/".startswith(f"{folder}/")


@cache
def _left_out() -> tuple[str, ...]:
    home = os.path.expanduser("~")  # noqa: PTH111 - may be no path at all
    places = {
        *_SYSTEM,
        *(f"{home}/{name}" for name in _OF_HOME),
        *(sys.prefix, sys.base_prefix, sys.exec_prefix, site.getusersitepackages()),
        *site.getsitepackages(),
        *sysconfig.get_paths().values(),
        _OWN,
        *(os.environ.get(name, "") for name in ("XDG_CACHE_HOME", "MPLCONFIGDIR")),
    }
    folders = {f"{os.path.normpath(place)}/" for place in places if place}
    # "/usr" as a prefix of the interpreter says nothing of what is below it.
    folders -= {"/", "/usr/", "/usr/local/", f"{home}/"}
    temporary = (tempfile.gettempdir(), os.path.realpath(tempfile.gettempdir()))
    return (*sorted(folders), *(f"{place}/ipykernel_" for place in temporary))
