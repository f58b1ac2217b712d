"""Puts a note before calls of other libraries, while a cell is watched.

Only in libraries that are imported, or get imported meanwhile: none is for this. The
notes are taken off when the last watch ends, and break nothing where they stay.
"""

from __future__ import annotations

import functools
import inspect
import sys
import threading
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from jupyter_mlops.capture.files import hook

if TYPE_CHECKING:
    from importlib.machinery import ModuleSpec
    from types import FrameType, ModuleType, TracebackType

Note: TypeAlias = Callable[[Sequence[Any], dict[str, Any], Any], None]
"""Takes a call's arguments, and its result where it is noted afterwards."""


class Seam(NamedTuple):
    """A call to put a note to.

    Attributes
    ----------
    owner : object
        The module or class that holds it.
    is_after : bool
        It is noted with its result, once it has returned.
    """

    owner: Any
    name: str
    note: Note
    is_after: bool = False


Finder: TypeAlias = Callable[[str], Iterable[Seam]]
"""Names the seams of a module that is imported."""

_sources: list[tuple[frozenset[str], Finder]] = []
_placed: list[tuple[Any, str, Any, Any]] = []
_made: dict[tuple[Any, str], tuple[Any, Any]] = {}
"""Each call with the note before it, made once: cells come by the thousand."""
_watches = 0
_lock = threading.RLock()


def add_source(modules: Iterable[str], find: Finder) -> None:
    """Make seams known: `find` is asked for each of `modules` that is imported."""
    _sources.append((frozenset(modules), find))


def place() -> None:
    """Put the notes in place; each call must be followed by one of `remove`."""
    global _watches  # noqa: PLW0603 - calls of other libraries belong to the process
    with _lock:
        _watches += 1
        if _watches == 1:
            for modules, find in _sources:
                for name in modules:
                    if name in sys.modules:
                        put(find(name))
            sys.meta_path.insert(0, _imports)


def remove() -> None:
    """Take the notes off again, when nobody else needs them."""
    global _watches  # noqa: PLW0603 - as above
    with _lock:
        _watches -= 1
        if _watches:
            return
        if _imports in sys.meta_path:
            sys.meta_path.remove(_imports)
        while _placed:
            owner, name, original, noted = _placed.pop()
            # Someone who wrapped it after us, and has not let go yet, keeps it.
            if vars(owner).get(name) is noted:
                setattr(owner, name, original)


def put(seams: Iterable[Seam]) -> None:
    """Put notes to calls, until `remove`."""
    with _lock:
        if not _watches:
            return
        for seam in seams:
            original = vars(seam.owner).get(seam.name)
            if callable(original) and not hasattr(original, _MARK):
                made = _made.get((seam.owner, seam.name))
                if made is None or made[0] is not original:
                    made = original, _noted(original, seam)
                    _made[seam.owner, seam.name] = made
                noted = made[1]
                setattr(seam.owner, seam.name, noted)
                _placed.append((seam.owner, seam.name, original, noted))


_MARK = "__mlops_noted__"


def _noted(original: Callable[..., Any], seam: Seam) -> Callable[..., Any]:
    def tell(args: Sequence[Any], kwargs: dict[str, Any], result: Any = None) -> None:
        if hook.is_watching():
            try:
                seam.note(args, kwargs, result)
            except Exception:  # noqa: BLE001 - a fault of ours never breaks a call
                return

    if inspect.iscoroutinefunction(original):

        @functools.wraps(original)
        async def noted_soon(*args: Any, **kwargs: Any) -> Any:
            if not seam.is_after:
                tell(args, kwargs)
            result = await original(*args, **kwargs)
            if seam.is_after:
                tell(args, kwargs, result)
            return result

        noted: Callable[..., Any] = noted_soon
    elif seam.is_after:

        @functools.wraps(original)
        def noted_after(*args: Any, **kwargs: Any) -> Any:
            result = original(*args, **kwargs)
            tell(args, kwargs, result)
            return result

        noted = noted_after
    else:

        @functools.wraps(original)
        def noted_before(*args: Any, **kwargs: Any) -> Any:
            tell(args, kwargs)
            return original(*args, **kwargs)

        noted = noted_before
    setattr(noted, _MARK, True)
    return noted


class _Imports:
    """Puts notes into libraries that a cell imports, as soon as they are there."""

    def find_spec(
        self,
        name: str,
        path: Sequence[str] | None = None,
        target: ModuleType | None = None,
    ) -> ModuleSpec | None:
        """Find a module as without us, and look at it when it has been loaded."""
        finds = [find for modules, find in _sources if name in modules]
        if not finds:
            return None
        spec = _found_elsewhere(name, path, target)
        loader = None if spec is None else spec.loader
        if loader is None or not hasattr(loader, "exec_module"):
            return spec
        load = loader.exec_module

        def exec_module(module: ModuleType) -> None:
            # Gone before anything else looks at the loader.
            vars(loader).pop("exec_module", None)
            load(module)
            for find in finds:
                put(find(name))

        try:
            loader.exec_module = exec_module  # type: ignore[method-assign]  # of this one loader only
        except AttributeError:
            return spec
        return spec


_imports = _Imports()


def _found_elsewhere(
    name: str, path: Sequence[str] | None, target: ModuleType | None
) -> ModuleSpec | None:
    for finder in sys.meta_path:
        find = getattr(finder, "find_spec", None)
        if finder is not _imports and find is not None:
            spec: ModuleSpec | None = find(name, path, target)
            if spec is not None:
                return spec
    return None


def without_own_frames(error: BaseException | None) -> None:
    """Take our own calls out of a traceback, and of those that led to it."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        trace = error.__traceback__
        while trace is not None:
            _skip_own(trace)
            trace = trace.tb_next
        without_own_frames(error.__cause__ if error.__cause__ is not error else None)
        error = error.__context__


def _skip_own(trace: TracebackType) -> None:
    while trace.tb_next is not None and _is_own(trace.tb_next.tb_frame):
        trace.tb_next = trace.tb_next.tb_next


def _is_own(frame: FrameType) -> bool:
    return frame.f_code.co_filename == __file__
