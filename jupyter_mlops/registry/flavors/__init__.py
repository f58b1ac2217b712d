"""Kinds of models: one file a library, the same five names in each.

A flavor recognises a value without importing its library, and never unpickles. Other
packages add one by an entry point of the group ``jupyter_mlops.flavors`` that names
an object with these five names.
"""

from __future__ import annotations

import importlib
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol

from jupyter_mlops.errors import MissingLibraryError, RegistryError, nearest
from jupyter_mlops.registry.flavors import loader, sklearn

if TYPE_CHECKING:
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


_BUILT_IN: tuple[Flavor, ...] = (loader, sklearn)


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

    found = {point.name: point.load() for point in entry_points(group=ENTRY_POINTS)}
    return {flavor.NAME: flavor for flavor in found.values()}


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


class ModelFormat:
    """Models as objects that a run keeps: the format ``model``."""

    NAME = "model"

    def matches(self, value: Any) -> bool:
        """Tell whether a flavor takes `value`."""
        return flavor_for(value) is not None

    def write(self, value: Any, folder: Path, stem: str) -> dict[str, Any]:  # noqa: ARG002 - files are named by the flavor
        """Write a model into `folder` with its flavor."""
        flavor = flavor_for(value)
        assert flavor is not None, "asked only for what matches"
        meta = flavor.save(value, folder)
        return {"flavor": flavor.NAME, "flavor_meta": meta}

    def read(self, folder: Path, meta: dict[str, Any]) -> Any:
        """Make a model again, as far as that is safe without a word."""
        from jupyter_mlops.registry.words import LoadWord

        flavor = flavor_named(meta["flavor"])
        return flavor.load(folder, meta["flavor_meta"], LoadWord())
