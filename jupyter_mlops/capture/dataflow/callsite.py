"""One call of a function that was found in a module."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jupyter_mlops.capture.dataflow.heap import NOTHING, Value

if TYPE_CHECKING:
    import ast

    from jupyter_mlops.capture.dataflow.arguments import Args
    from jupyter_mlops.capture.dataflow.heap import Obj


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a function found in a module.

    Attributes
    ----------
    path, root, last : str
        Its dotted path, and the first and last part of that.
    returned : Value
        What the user's code that it called back may have returned.
    """

    path: str
    args: Args
    node: object
    returned: Value = NOTHING

    @property
    def root(self) -> str:
        """The library."""
        return self.path.partition(".")[0]

    @property
    def last(self) -> str:
        """The function's own name."""
        return self.path.rpartition(".")[2]


@dataclass(frozen=True, slots=True)
class MethodCall:
    """One call of a method of an object that is neither module nor user's own.

    Attributes
    ----------
    obj : Obj
        The receiver.
    receiver : ast.expr or None
        The expression that gave it.
    """

    obj: Obj
    name: str
    args: Args
    node: object
    receiver: ast.expr | None = None

    @property
    def value(self) -> Value:
        """The receiver alone, as a value."""
        return frozenset((self.obj,))

    @property
    def given(self) -> Value:
        """All that is passed."""
        return self.args.everything
