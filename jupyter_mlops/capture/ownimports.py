"""Which modules were first imported by us, so that no run is said to need them."""

from __future__ import annotations

import os
import sys
import threading
from collections import Counter
from contextlib import ContextDecorator
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from types import TracebackType

_TELLING = (ModuleType, type, FunctionType, BuiltinFunctionType)
_own: set[str] = set()
_threads: Counter[int] = Counter()
_lock = threading.Lock()


class _Witness:
    """Stands before the finders while we work, and notes what our threads import.

    Python asks it only for modules that are not loaded yet, in the thread that
    imports them; it never finds anything itself.
    """

    @staticmethod
    def find_spec(
        name: str, path: Sequence[str] | None = None, target: object = None
    ) -> None:
        del path, target
        if threading.get_ident() in _threads:
            _own.add(name.partition(".")[0])


_witness = _Witness()


class OwnImports(ContextDecorator):
    """While its ``with`` block, or what it decorates, runs, imports count as ours.

    Those of this thread only: a user's cell may be running in another.
    """

    def __enter__(self) -> None:
        with _lock:
            _threads[threading.get_ident()] += 1
            if _witness not in sys.meta_path:
                sys.meta_path.insert(0, _witness)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with _lock:
            thread = threading.get_ident()
            _threads[thread] -= 1
            if not _threads[thread]:
                del _threads[thread]
            if not _threads and _witness in sys.meta_path:
                sys.meta_path.remove(_witness)


def _renew_lock() -> None:
    """Another thread may have held it when this child was forked."""
    global _lock  # noqa: PLW0603 - a lock belongs to the process, as this does
    _lock = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew_lock)


def own_modules() -> frozenset[str]:
    """Return the top-level modules that we were the first to import."""
    return frozenset(_own)


def modules_behind(values: Iterable[object]) -> set[str]:
    """Return the top-level modules that a namespace's values come from."""
    # list() first: another thread may bind a name meanwhile.
    values = list(values)
    kinds = set(map(type, values))
    # Most values are plain ones, and tell nothing that their type does not. Nor is
    # the attribute of a user's object asked: it may do anything then.
    telling = {kind for kind in kinds if issubclass(kind, _TELLING)}
    homes: set[object] = {kind.__module__ for kind in kinds - telling}
    for value in values:
        if type(value) in telling:
            homes.add(
                value.__name__ if isinstance(value, ModuleType) else value.__module__
            )
    return {home.partition(".")[0] for home in homes if isinstance(home, str)}
