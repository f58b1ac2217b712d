"""Models among the objects that a run keeps: the format ``model``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jupyter_mlops.errors import UnstorableObjectError
from jupyter_mlops.registry.flavors import flavor_for, flavor_named, pickled
from jupyter_mlops.registry.flavors.refusals import unstorable

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from jupyter_mlops.ids import Digest

_NAMES = 2_000


@dataclass(frozen=True, slots=True)
class OfferedModel:
    """A model, and what its user says about keeping it.

    Attributes
    ----------
    example : frame-like or None
        Rows that it takes: they give its signature, and a few are kept, masked.
    allow_pickle : bool
        Pickle it if no safe format holds it.
    onnx : bool
        Keep it as ONNX besides.
    """

    value: Any
    example: Any = None
    allow_pickle: bool = False
    onnx: bool = False


class ModelFormat:
    """Keeps models with the flavor of their library.

    Parameters
    ----------
    put : callable, optional
        Stores bytes and returns their digest: for what is known of a model's input.
    """

    NAME = "model"

    def __init__(self, put: Callable[[bytes], Digest] | None = None) -> None:
        self._put = put

    def matches(self, value: Any) -> bool:
        """Tell whether a flavor takes `value`, or its user allows to pickle it."""
        # What was offered by name is refused with a better word, when it is written.
        return (
            isinstance(value, OfferedModel) or flavor_for(unwrapped(value)) is not None
        )

    def write(self, value: Any, folder: Path, stem: str) -> dict[str, Any]:  # noqa: ARG002 - files are named by the flavor
        """Write a model into `folder` with its flavor; say what it takes."""
        offer = value if isinstance(value, OfferedModel) else OfferedModel(value)
        model = unwrapped(offer.value)
        meta = _saved(model, folder, offer)
        if meta["flavor"] != pickled.NAME:
            meta |= _inputs(meta["flavor"], model)
        if self._put is not None and offer.example is not None:
            from jupyter_mlops.registry.signatures.examples import kept_example

            meta |= kept_example(offer.example, self._put)
        if offer.onnx:
            from jupyter_mlops.registry.flavors.sklearn_onnx import write_beside

            meta["onnx"] = write_beside(model, offer.example, folder)
        return meta

    def read(self, folder: Path, meta: dict[str, Any]) -> Any:
        """Make a model again, as far as that is safe without a word."""
        from jupyter_mlops.registry.words import LoadWord

        flavor = flavor_named(meta["flavor"])
        return flavor.load(folder, meta["flavor_meta"], LoadWord())


def unwrapped(value: Any) -> Any:
    """Return the model itself of one that was loaded."""
    from jupyter_mlops.registry.loaded import LoadedModel

    return value.unwrap() if type(value) is LoadedModel else value


def _saved(model: Any, folder: Path, offer: OfferedModel) -> dict[str, Any]:
    flavor = flavor_for(model)
    if flavor is not None:
        try:
            return {"flavor": flavor.NAME, "flavor_meta": flavor.save(model, folder)}
        except UnstorableObjectError:
            if not offer.allow_pickle:
                raise
            for file in folder.iterdir():
                file.unlink()
    if not offer.allow_pickle:
        raise unstorable(model, "no flavor is known for it")
    meta = pickled.save(pickled.PickledModel(model), folder)
    return {"flavor": pickled.NAME, "flavor_meta": meta}


def _inputs(name: str, model: Any) -> dict[str, Any]:
    """Return what the model itself knows of its input."""
    ask = getattr(flavor_named(name), "inputs", None)
    try:
        found = {} if ask is None else ask(model)
    except Exception:  # noqa: BLE001 - a user's model may do anything here; it is kept all the same
        return {}
    if len(found.get("names") or ()) > _NAMES:
        found["names"] = None
    found = {key: value for key, value in found.items() if value is not None}
    return {"inputs": found} if found else {}
