"""Kinds of models: one file a library, the same names in each.

A flavor recognises a value without importing its library, and never unpickles without
the caller's word. Other packages add one by an entry point of the group
``jupyter_mlops.flavors`` that names an object with the five names of `Flavor`. It may
have more: ``predict(model, data)`` where the model has no such method of its own, or
``predictor(model)`` that makes a function for it; and ``inputs(model)``, what the model
itself knows of its columns: ``names``, ``count``, ``shape`` and ``dtype``.
"""

from __future__ import annotations

import importlib
import warnings
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol

from jupyter_mlops.errors import (
    MissingLibraryError,
    MlopsWarning,
    RegistryError,
    nearest,
)
from jupyter_mlops.registry.flavors import (
    keras,
    lightgbm,
    loader,
    onnx,
    pickled,
    sklearn,
    statsmodels,
    torch,
    torch_program,
    xgboost,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from jupyter_mlops.registry.words import LoadWord

ENTRY_POINTS = "jupyter_mlops.flavors"


class Flavor(Protocol):
    """How models of one library are kept."""

    @property
    def NAME(self) -> str:  # noqa: N802 - a module's constant satisfies it
        """The flavor's name in the record."""

    def matches(self, value: Any, /) -> bool:
        """Tell whether `value` is a model of this library, which is not imported."""

    def describe(self, value: Any, /) -> dict[str, Any]:
        """Return class, library, its version, and params that are not the default."""

    def save(self, value: Any, folder: Path, /) -> dict[str, Any]:
        """Write files into `folder`; what is returned is handed to `load`."""

    def load(self, folder: Path, meta: dict[str, Any], word: LoadWord, /) -> Any:
        """Make the model again, doing nothing that `word` does not allow."""


# Before scikit-learn and PyTorch those whose classes are derived from theirs.
_BUILT_IN: tuple[Flavor, ...] = (
    loader,
    pickled,
    xgboost,
    lightgbm,
    sklearn,
    keras,
    torch_program,
    torch,
    onnx,
    statsmodels,
)


def flavor_for(value: Any) -> Flavor | None:
    """Find the flavor that keeps `value`, None when there is none."""
    for flavor in (*_BUILT_IN, *_from_others().values()):
        if flavor.matches(value):
            return flavor
    return None


def flavor_named(name: str) -> Flavor:
    """Find a flavor by its name.

    Raises
    ------
    RegistryError
        When no installed package brings it.
    """
    known = {flavor.NAME: flavor for flavor in _BUILT_IN}
    found = known.get(name) or _from_others().get(name)
    if found is None:
        raise RegistryError(
            f"No flavor '{name}' is installed; the model needs the package that "
            f"brings it.{nearest(name, (*known, *_from_others()))}",
            flavor=name,
        )
    return found


@cache
def _from_others() -> dict[str, Flavor]:
    from importlib.metadata import entry_points

    found: dict[str, Flavor] = {}
    for point in entry_points(group=ENTRY_POINTS):
        try:
            flavor = point.load()
            found[flavor.NAME] = flavor
        except Exception as error:  # noqa: BLE001 - a stranger's package, and all others still work
            warnings.warn(
                f"The flavor '{point.name}' of {point.value} cannot be used: "
                f"{type(error).__name__}: {error}",
                MlopsWarning,
                stacklevel=2,
            )
    return found


def predictor_of(flavor: Flavor, model: Any) -> Callable[[Any], Any]:
    """Return what predicts with a model of this flavor."""
    make = getattr(flavor, "predictor", None)
    if make is not None:
        return make(model)  # type: ignore[no-any-return]  # a flavor may be anybody's
    predict = getattr(flavor, "predict", None)
    if predict is not None:
        return lambda data: predict(model, data)
    return model.predict  # type: ignore[no-any-return]  # as above


def library(module: str, extra: str) -> Any:
    """Import a library that comes with an extra.

    Raises
    ------
    MissingLibraryError
        When it is not installed; it says how to get it.
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise MissingLibraryError(
            f"This model needs '{module}', which cannot be imported ({error}). "
            f"Install it with: pip install 'jupyter-mlops[{extra}]'",
            module=module,
            extra=extra,
        ) from error
