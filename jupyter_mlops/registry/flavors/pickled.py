"""Any Python object, by cloudpickle: only with a word, each time.

It is asked for when the object is kept, registered and loaded. Such a version is marked
unsafe in what it binds, so for ever.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jupyter_mlops.errors import UnsafeModelError, UnstorableObjectError

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlops.registry.words import LoadWord

NAME = "pickle"
FILE = "model.pkl"
EXTRA = "pickle"
NEEDS_PICKLE = True
MARK = "pickle: whoever loads it runs what its maker chose"


@dataclass(frozen=True, slots=True)
class PickledModel:
    """A function, a class or an object that the user said may be pickled."""

    value: Any


def matches(value: Any) -> bool:
    """Tell whether the word was said for `value`; nothing is pickled without."""
    return isinstance(value, PickledModel)


def describe(value: PickledModel) -> dict[str, Any]:
    """Return what it is, and the package that it comes from."""
    inner = value.value
    kind = inner if hasattr(inner, "__qualname__") else type(inner)
    return {
        "class": f"{kind.__module__}.{kind.__qualname__}",
        "library": str(kind.__module__).partition(".")[0],
        "version": None,
        "params": {},
    }


def save(value: PickledModel, folder: Path) -> dict[str, Any]:
    """Pickle it by value where it is defined in a notebook.

    Raises
    ------
    UnstorableObjectError
        When it holds what cannot be pickled, such as an open file.
    """
    from jupyter_mlops.registry.flavors import library

    cloudpickle = library("cloudpickle", EXTRA)
    try:
        data = cloudpickle.dumps(value.value)
    except Exception as error:
        # Whatever an object's own reduction raises.
        raise UnstorableObjectError(
            f"This {type(value.value).__name__} cannot be pickled: {error}. Make what "
            f"it holds when it is called, not before.",
            type=type(value.value),
            reason=str(error),
        ) from error
    (folder / FILE).write_bytes(data)
    return {**describe(value), "unsafe": MARK}


def load(folder: Path, meta: dict[str, Any], word: LoadWord) -> Any:
    """Unpickle, if the caller said so.

    Raises
    ------
    UnsafeModelError
        When they did not; the file was not opened then.
    """
    if not word.allow_pickle:
        raise UnsafeModelError(
            f"This model ({meta.get('class')}) is a pickle: loading it runs whatever "
            f"its maker put there. Nothing was run. If you trust its maker: "
            f"load_model(…, allow_pickle=True).",
            reason="pickle",
        )
    import pickle

    with (folder / FILE).open("rb") as file:
        return pickle.load(file)  # noqa: S301 - the caller's word stands above


def predict(model: Any, data: Any) -> Any:
    """Call a function, or what has a method for it; of a class, an instance."""
    model = model() if isinstance(model, type) else model
    method = getattr(model, "predict", None)
    return model(data) if method is None else method(data)
