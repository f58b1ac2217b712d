"""What a library's file knows to say of a fit, and where it wants to look."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from types import ModuleType

    from jupyter_mlops.records import JsonValue


class Call(NamedTuple):
    """A call that fits, as it was made.

    Attributes
    ----------
    owner : object
        Whose method it is, None for a function.
    args : tuple
        Without the owner.
    """

    owner: Any
    args: tuple[Any, ...]
    kwargs: dict[str, Any]

    def argument(self, place: int, *names: str) -> Any:
        """Return an argument given by place or by one of its names, else None."""
        if place < len(self.args):
            return self.args[place]
        return next((self.kwargs[name] for name in names if name in self.kwargs), None)


class Epochs(Protocol):
    """Takes the metrics of one step of a training."""

    def __call__(self, model: object, step: int, numbers: dict[str, Any], /) -> None:
        """Take the metrics of `step`, counted from 0 by the library."""


Notice = Callable[[Call, Epochs], None]
"""Told, after a method has returned, its call and whom to tell epochs."""


class Places(Protocol):
    """Takes what a library's file wants to see."""

    def method(self, owner: type, name: str, reader: Reader) -> None:
        """See the calls of a method that fits, if `owner` itself defines it."""

    def function(self, modules: list[ModuleType], name: str, reader: Reader) -> None:
        """See the calls of a function that fits, which these modules share."""

    def notice(self, owner: type, name: str, tell: Notice) -> None:
        """Be told after each call of a method."""

    def new_classes(self, base: type, tell: Callable[[type], None]) -> None:
        """Be told of each class that is derived from `base`."""


class Reader:
    """Reads the fits of one library."""

    library = ""

    def subject(self, call: Call) -> Any:
        """Return the model that is fitted, None when the fit makes it."""
        return call.owner

    def kind(self, model: Any) -> str:
        """Return the model's class as ``module.qualname``."""
        cls = type(model)
        return f"{cls.__module__}.{cls.__qualname__}"

    def library_of(self, model: Any) -> str:
        """Return the name that the model's library is installed by."""
        return self.library or type(model).__module__.partition(".")[0]

    def data(self, call: Call) -> tuple[Any, Any]:
        """Return the training data: features and target."""
        return call.argument(0, "X"), call.argument(1, "y")

    def begin(self, call: Call, epochs: Epochs) -> Call:
        """Prepare for the call; return it as it is to be made."""
        del epochs
        return call

    def params(self, call: Call) -> dict[str, JsonValue]:
        """Return what the user set; read after the fit."""
        raise NotImplementedError

    def best(self, call: Call) -> dict[str, JsonValue] | None:
        """Return what a search found best: ``params`` and ``score``."""
        del call
        return None

    def ended(self, call: Call, result: Any, epochs: Epochs) -> None:
        """Tell the metrics that a fit which went well has left."""

    def leave(self, call: Call) -> None:
        """Undo what `begin` did; called however the fit ended."""
