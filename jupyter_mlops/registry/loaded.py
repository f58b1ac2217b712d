"""A model that was loaded: the object itself, with a ``predict`` that looks first."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_mlops.registry.binding import Binding
    from jupyter_mlops.registry.flavors import Flavor
    from jupyter_mlops.registry.signatures import Signature
    from jupyter_mlops.registry.words import LoadWord
    from jupyter_mlops.store.blobs import Blobs

_CHECKED = frozenset(
    {"decision_function", "predict_log_proba", "predict_proba", "transform"}
)
"""Other methods of the model's own that take the same input."""


def load_bound(bound: Binding, blobs: Blobs, word: LoadWord) -> Any:
    """Make a model again of what a version, or what could be one, binds.

    Every blob that is bound and there is verified before the model is read.

    Returns
    -------
    LoadedModel
        What a bare loader makes comes as it is: it may be no model at all.

    Raises
    ------
    UnsafeModelError
        When loading would run code, or make objects, that `word` does not allow.
    BlobCorruptError, BlobNotFoundError
        When bytes are not those that were bound.
    """
    from jupyter_mlops.registry.flavors import flavor_named, loader
    from jupyter_mlops.registry.signatures import Signature

    for part in set(bound.parts.values()):
        if blobs.exists(part):
            blobs.verify(part)
    signature = None
    if bound.signature is not None:
        data = blobs.get_bytes(bound.signature)
        signature = Signature.read(data, bound.signature)
    flavor = flavor_named(bound.flavor)
    with tempfile.TemporaryDirectory(prefix="mlops-") as place:
        folder = Path(place)
        blobs.restore_folder(bound.files, folder)
        model = flavor.load(folder, bound.flavor_meta, word)
    if bound.flavor == loader.NAME and signature is None:
        return model
    return LoadedModel(model, flavor, signature)


class LoadedModel:
    """A model as `load_model` returns it.

    It is the model in all but `predict`: attributes and methods are the model's own,
    and so is its class for ``isinstance``.

    Attributes
    ----------
    model : object
        The model as its library knows it; `unwrap` returns it, too.
    signature : Signature or None
        What it takes; None: unknown, and nothing is checked.
    flavor : str
        Which flavor it is of.
    """

    __slots__ = ("_mlops_flavor", "_mlops_model", "_mlops_predict", "_mlops_signature")

    def __init__(
        self, model: Any, flavor: Flavor, signature: Signature | None = None
    ) -> None:
        self._mlops_model = model
        self._mlops_flavor = flavor
        self._mlops_signature = signature
        self._mlops_predict: Callable[[Any], Any] | None = None

    @property
    def model(self) -> Any:
        """The model itself."""
        return self._mlops_model

    @property
    def signature(self) -> Signature | None:
        """What it takes and gives."""
        return self._mlops_signature

    @property
    def flavor(self) -> str:
        """The name of its flavor."""
        return self._mlops_flavor.NAME

    def unwrap(self) -> Any:
        """Return the model itself: its ``predict`` takes what it likes."""
        return self._mlops_model

    def predict(self, data: Any, *args: Any, **kwargs: Any) -> Any:
        """Predict, after looking at the data.

        Parameters
        ----------
        data : DataFrame, array, dict of columns, list of records, or Series
            What the model takes, in whichever of these forms.
        *args, **kwargs
            Of the model's own ``predict``.

        Raises
        ------
        InvalidModelInputError
            When a column is missing, unexpected, or of another kind: it names them.
        """
        data = self._looked_at(data)
        if args or kwargs:
            return self._mlops_model.predict(data, *args, **kwargs)
        if self._mlops_predict is None:
            from jupyter_mlops.registry.flavors import predictor_of

            self._mlops_predict = predictor_of(self._mlops_flavor, self._mlops_model)
        return self._mlops_predict(data)

    def _looked_at(self, data: Any) -> Any:
        signature = self._mlops_signature
        return data if signature is None else signature.converted(data)

    # --- everything else is the model's own ------------------------------------------

    @property
    def __class__(self) -> type:
        """The model's class: `isinstance` and the library's own checks go by it."""
        return type(self._mlops_model)

    @__class__.setter
    def __class__(self, kind: type) -> None:
        """Refuse."""
        raise AttributeError("the class of a loaded model cannot be set")

    @property
    def __dict__(self) -> dict[str, Any]:  # type: ignore[override]  # the library looks for what was fitted here
        """The model's attributes."""
        found: dict[str, Any] = vars(self._mlops_model)
        return found

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_mlops_"):
            # Asked before it is made, when it is copied.
            raise AttributeError(name)
        found = getattr(self._mlops_model, name)
        if name not in _CHECKED or self._mlops_signature is None:
            return found
        return lambda data, *args, **kwargs: found(
            self._looked_at(data), *args, **kwargs
        )

    def __setattr__(self, name: str, value: Any) -> None:
        if name.startswith("_mlops_"):
            object.__setattr__(self, name, value)
        else:
            setattr(self._mlops_model, name, value)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the model itself, as modules of PyTorch are."""
        return self._mlops_model(*args, **kwargs)

    def __len__(self) -> int:
        return len(self._mlops_model)

    def __bool__(self) -> bool:
        return True

    def __getitem__(self, key: Any) -> Any:
        return self._mlops_model[key]

    def __dir__(self) -> list[str]:
        own = {"flavor", "model", "predict", "signature", "unwrap"}
        return sorted({*dir(self._mlops_model), *own})

    def __repr__(self) -> str:
        return repr(self._mlops_model)

    def __reduce__(self) -> Any:
        model, signature = self._mlops_model, self._mlops_signature
        return _remade, (model, self._mlops_flavor.NAME, signature)

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        show = getattr(self._mlops_model, "_repr_mimebundle_", None)
        return None if show is None else show(**kwargs)


def _remade(model: Any, flavor: str, signature: Signature | None) -> LoadedModel:
    from jupyter_mlops.registry.flavors import flavor_named

    return LoadedModel(model, flavor_named(flavor), signature)
