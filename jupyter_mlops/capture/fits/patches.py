"""Stands in for methods of classes and functions of modules, and takes it back."""

from __future__ import annotations

import copy
import functools
import threading
from types import FunctionType, MethodType, ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    Around = Callable[[Any], Any]
    """Makes the function that is called in place of the one given."""


class StandIn:
    """Stands in a class for one of its methods, which it hands out wrapped.

    Taken from the class itself, the method comes as the library made it: whoever
    inspects, copies or overrides it meets nothing of ours. Pickled (with a class
    from a notebook), it becomes the method again.
    """

    def __init__(
        self, original: Any, around: Around, is_on: Callable[[], object]
    ) -> None:
        functools.update_wrapper(self, original)
        self._mlops_original = original
        self._mlops_around = around
        self._mlops_is_on = is_on
        self._mlops_made: dict[Any, Any] = {}

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        found = self._mlops_original.__get__(instance, owner)
        if instance is None or type(found) is not MethodType or not self._mlops_is_on():
            return found
        function = found.__func__
        if found.__self__ is not instance or not isinstance(function, FunctionType):
            return found
        made: Any = self._mlops_made.get(function)
        if made is None:
            made = self._mlops_made[function] = self._mlops_around(function)
        return MethodType(made, instance)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Fit; tools that take methods out of a class's dict call them so."""
        return self._mlops_original(*args, **kwargs)

    def __reduce__(self) -> Any:
        # A copy of a function is the function: this needs nothing of ours to unpickle.
        return copy.copy, (self._mlops_original,)


class Patches:
    """What was put in place of something else, to be taken back.

    Parameters
    ----------
    is_on : callable
        Stand-ins that somebody else keeps are inert when it says no.
    """

    def __init__(self, is_on: Callable[[], object]) -> None:
        self._is_on = is_on
        self._put: list[tuple[Any, str, Any, Any]] = []
        self._lock = threading.RLock()

    def method(self, owner: type, name: str, around: Around) -> None:
        """Stand in for a method that `owner` itself defines; else do nothing."""
        original = vars(owner).get(name)
        if original is None or isinstance(original, StandIn):
            return
        if not hasattr(original, "__get__") or isinstance(
            original, classmethod | staticmethod | property
        ):
            return
        if getattr(original, "__isabstractmethod__", False):
            return
        self.put(owner, name, original, StandIn(original, around, self._is_on))

    def function(self, modules: list[ModuleType], name: str, around: Around) -> None:
        """Stand in for a function in each of the modules that know it by `name`."""
        original = getattr(modules[0], name, None)
        if not isinstance(original, FunctionType):
            return
        made = around(original)
        for module in modules:
            if vars(module).get(name) is original:
                self.put(module, name, original, made)

    def put(self, owner: Any, name: str, original: Any, replacement: Any) -> None:
        """Set an attribute; `original` None means that there was none of its own."""
        with self._lock:
            setattr(owner, name, replacement)
            self._put.append((owner, name, original, replacement))

    def take_back(self) -> None:
        """Leave everything as it was found, but what somebody else changed since."""
        with self._lock:
            put, self._put = self._put, []
        for owner, name, original, replacement in reversed(put):
            if vars(owner).get(name) is not replacement:
                continue
            if original is None:
                delattr(owner, name)
            else:
                setattr(owner, name, original)
