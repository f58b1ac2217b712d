"""Programs that ``torch.export`` made, in its own archive.

Reading one evaluates expressions from the file, and may unpickle parts of it: it needs
the same word as a pickle, and such a version is marked as one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlops.capture.kinship import is_of
from jupyter_mlops.errors import UnsafeModelError
from jupyter_mlops.registry.flavors.described import description
from jupyter_mlops.registry.flavors.pickled import MARK
from jupyter_mlops.registry.flavors.refusals import unreadable, unstorable
from jupyter_mlops.registry.flavors.torch import predict as predict_module

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlops.registry.words import LoadWord

NAME = "torch_program"
FILE = "model.pt2"
EXTRA = "torch"
NEEDS_PICKLE = True


def matches(value: Any) -> bool:
    """Tell whether `value` is an exported program."""
    return is_of(value, "torch.ExportedProgram")


def describe(value: Any) -> dict[str, Any]:
    """Return class, library and version."""
    return description(value, "torch", "torch", {})


def save(value: Any, folder: Path) -> dict[str, Any]:
    """Write the archive.

    Raises
    ------
    UnstorableObjectError
        When the library cannot write it.
    """
    from jupyter_mlops.registry.flavors import library

    torch = library("torch", EXTRA)
    try:
        torch.export.save(value, folder / FILE)
    except Exception as error:
        raise unstorable(value, str(error)) from error
    return describe(value) | {"unsafe": MARK}


def load(folder: Path, meta: dict[str, Any], word: LoadWord) -> Any:  # noqa: ARG001 - the file says it all
    """Read the program, if the caller said so.

    Raises
    ------
    UnsafeModelError
        When they did not, or it cannot be read.
    """
    if not word.allow_pickle:
        raise UnsafeModelError(
            "This model is a program of torch.export: reading it evaluates what its "
            "maker put there. Nothing was run. If you trust its maker: "
            "load_model(…, allow_pickle=True).",
            reason="pickle",
        )
    from jupyter_mlops.registry.flavors import library

    torch = library("torch", EXTRA)
    try:
        return torch.export.load(folder / FILE)
    except Exception as error:
        raise unreadable(error) from error


def predict(model: Any, data: Any) -> Any:
    """Call the program on tensors, and return arrays."""
    return predict_module(_Callable(model), data)


class _Callable:
    """A program as a module that has no state of training to put back."""

    training = False

    def __init__(self, program: Any) -> None:
        self._call = program.module()

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._call(*args, **kwargs)

    def eval(self) -> None:
        """Do nothing: it was exported as it is to be run."""

    def train(self, mode: bool) -> None:  # noqa: FBT001 - a module's own signature
        """Do nothing, as above."""
