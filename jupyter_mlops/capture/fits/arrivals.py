"""Tells when a library has been imported, without importing it.

A finder stands first on the import path while a watch is on; for the few modules that
are waited for it lets the others find them, and is told when they have been executed.
"""

from __future__ import annotations

import contextlib
import sys
import threading
from importlib.abc import Loader, MetaPathFinder
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType


class Arrivals(MetaPathFinder):
    """Calls what waits for a module as soon as it is there.

    Parameters
    ----------
    waiting : mapping of str to callable
        By the module's name; called with the module. What it raises is swallowed.
    """

    def __init__(self, waiting: Mapping[str, Callable[[ModuleType], None]]) -> None:
        self._waiting = dict(waiting)
        self._asked = threading.local()

    def start(self) -> None:
        """Look at what is there already, and begin to wait for the rest."""
        for name in list(self._waiting):
            module = sys.modules.get(name)
            if module is not None and not _is_arriving(module):
                self.arrived(name, module)
        if self._waiting:
            sys.meta_path.insert(0, self)

    def stop(self) -> None:
        """Stop waiting."""
        self._waiting.clear()
        with contextlib.suppress(ValueError):
            sys.meta_path.remove(self)

    def arrived(self, name: str, module: ModuleType) -> None:
        """Tell who waits for the module."""
        tell = self._waiting.pop(name, None)
        if tell is not None:
            with contextlib.suppress(Exception):
                tell(module)

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,
        target: ModuleType | None = None,
    ) -> ModuleSpec | None:
        """Find nothing but a module that is waited for, through the other finders."""
        # Another finder of our kind asks all the others, and us among them.
        if fullname not in self._waiting or getattr(self._asked, "now", False):
            return None
        self._asked.now = True
        try:
            spec = _found_elsewhere(fullname, path, target)
        finally:
            self._asked.now = False
        if spec is not None and hasattr(spec.loader, "exec_module"):
            spec.loader = _ToldLoader(spec.loader, self)
        return spec


class _ToldLoader(Loader):
    """Loads as the true loader does, puts that in its place, and tells."""

    def __init__(self, loader: Any, arrivals: Arrivals) -> None:
        self._loader = loader
        self._arrivals = arrivals

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        make = getattr(self._loader, "create_module", None)
        found: ModuleType | None = None if make is None else make(spec)
        return found

    def exec_module(self, module: ModuleType) -> None:
        if module.__spec__ is not None:
            module.__spec__.loader = self._loader
        module.__loader__ = self._loader
        self._loader.exec_module(module)
        self._arrivals.arrived(module.__name__, module)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)


def _found_elsewhere(
    name: str, path: Sequence[str] | None, target: ModuleType | None
) -> ModuleSpec | None:
    for finder in list(sys.meta_path):
        find = getattr(finder, "find_spec", None)
        if find is not None:
            spec: ModuleSpec | None = find(name, path, target)
            if spec is not None:
                return spec
    return None


def _is_arriving(module: ModuleType) -> bool:
    return bool(getattr(getattr(module, "__spec__", None), "_initializing", False))
