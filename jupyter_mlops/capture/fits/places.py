"""What stands in for the methods and functions that fit, and tells the watch."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from jupyter_mlops.capture.fits.nesting import enter, is_inner, leave
from jupyter_mlops.capture.fits.patches import Patches
from jupyter_mlops.capture.fits.reader import Call

if TYPE_CHECKING:
    from types import ModuleType

    from jupyter_mlops.capture.fits.reader import Notice, Reader


class Watcher(Protocol):
    """Is told of fits; nothing of it raises."""

    def begin(self, reader: Reader, call: Call) -> tuple[Any, Call]:
        """Look at a fit that is about to begin; return it, and the call to make."""

    def epoch(self, model: object, step: int, numbers: dict[str, Any], /) -> None:
        """Take the metrics of one step."""

    def end(
        self, fitting: Any, result: Any, error: BaseException | None = None
    ) -> None:
        """Note a fit that has ended."""


Current = Callable[[], Watcher | None]


class PatchedPlaces:
    """Puts stand-ins where a library's file says.

    Parameters
    ----------
    current : callable
        Returns the watch that is told, None while there is none.
    """

    def __init__(self, current: Current) -> None:
        self._current = current
        self._patches = Patches(current)

    def take_back(self) -> None:
        """Leave everything as it was found."""
        self._patches.take_back()

    def method(self, owner: type, name: str, reader: Reader) -> None:
        """See the calls of a method that fits."""
        self._patches.method(
            owner, name, functools.partial(_around_method, self._current, reader)
        )

    def function(self, modules: list[ModuleType], name: str, reader: Reader) -> None:
        """See the calls of a function that fits."""
        around = functools.partial(_around_function, self._current, reader)
        self._patches.function(modules, name, around)

    def notice(self, owner: type, name: str, tell: Notice) -> None:
        """Be told after each call of a method."""
        self._patches.method(
            owner, name, functools.partial(_with_notice, self._current, tell)
        )

    def new_classes(self, base: type, tell: Callable[[type], None]) -> None:
        """Be told of each class that is derived from `base`."""
        original = vars(base).get("__init_subclass__")

        def init_subclass(cls: type, /, **kwargs: Any) -> None:
            if original is None:
                super(base, cls).__init_subclass__(**kwargs)  # type: ignore[arg-type]  # a class, though mypy knows only its type
            else:
                original.__get__(None, cls)(**kwargs)
            if self._current() is not None:
                with contextlib.suppress(Exception):
                    tell(cls)

        self._patches.put(
            base, "__init_subclass__", original, classmethod(init_subclass)
        )


def _around_method(current: Current, reader: Reader, function: Any) -> Any:
    @functools.wraps(function)
    def fit(owner: Any, /, *args: Any, **kwargs: Any) -> Any:
        watch = current()
        if watch is None or is_inner():
            return function(owner, *args, **kwargs)
        return _fit(watch, reader, Call(owner, args, kwargs), function)

    return fit


def _around_function(current: Current, reader: Reader, function: Any) -> Any:
    @functools.wraps(function)
    def train(*args: Any, **kwargs: Any) -> Any:
        watch = current()
        if watch is None or is_inner():
            return function(*args, **kwargs)
        return _fit(watch, reader, Call(None, args, kwargs), function)

    return train


def _fit(watch: Watcher, reader: Reader, call: Call, function: Any) -> Any:
    enter()
    try:
        fitting, call = watch.begin(reader, call)
        before = () if call.owner is None else (call.owner,)
        try:
            result = function(*before, *call.args, **call.kwargs)
        except BaseException as error:
            watch.end(fitting, None, error)
            raise
        watch.end(fitting, result)
        return result
    finally:
        leave()


def _with_notice(current: Current, tell: Notice, function: Any) -> Any:
    @functools.wraps(function)
    def noticed(owner: Any, /, *args: Any, **kwargs: Any) -> Any:
        result = function(owner, *args, **kwargs)
        watch = current()
        if watch is not None:
            with contextlib.suppress(Exception):
                tell(Call(owner, args, kwargs), watch.epoch)
        return result

    return noticed
