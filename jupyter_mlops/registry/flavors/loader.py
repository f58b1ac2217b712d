"""Models as bytes, and the name of the function that makes them again.

Nothing is imported or called unless the caller repeats that name as their word.
"""

from __future__ import annotations

import importlib
import re
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jupyter_mlops.errors import (
    InvalidInputError,
    InvalidNameError,
    RegistryError,
    UnsafeModelError,
)
from jupyter_mlops.store.manifest import checked_path

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlops.registry.words import LoadWord

NAME = "loader"
_LOADER = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*:[^\W\d]\w*(\.[^\W\d]\w*)*")


@dataclass(frozen=True, slots=True)
class LoaderModel:
    """Bytes of any kind, and what makes a model from them.

    Attributes
    ----------
    data : bytes or Path
        The bytes, or the file that holds them.
    loader : str
        ``package.module:function``; called with the path of the file, and with
        nothing else, when a caller allows it by name.
    file : str
        What the file is called; loaders may go by its ending.
    """

    data: bytes | Path
    loader: str
    file: str = "model.bin"


def matches(value: Any) -> bool:
    """Tell whether `value` is bytes with a loader."""
    return isinstance(value, LoaderModel)


def describe(value: LoaderModel) -> dict[str, Any]:
    """Return the loader, and the package that brings it."""
    return {
        "class": value.loader,
        "library": value.loader.partition(":")[0].partition(".")[0],
        "version": None,
        "params": {},
    }


def save(value: LoaderModel, folder: Path) -> dict[str, Any]:
    """Write the bytes as they are; the loader is not looked for."""
    meta = meta_of(value.loader, value.file)
    target = folder / value.file
    if isinstance(value.data, bytes):
        target.write_bytes(value.data)
        return meta
    try:
        shutil.copyfile(value.data, target)
    except OSError as error:
        raise InvalidInputError(
            f"{value.data} cannot be read: {error.strerror}.", path=value.data
        ) from error
    return meta


def meta_of(loader: str, file: str) -> dict[str, Any]:
    """Check and return what `load` needs.

    Raises
    ------
    InvalidInputError
        When the loader is not written ``package.module:function``.
    InvalidNameError
        When the file's name would leave the folder.
    """
    if not _LOADER.fullmatch(loader):
        raise InvalidInputError(
            f"{loader!r} names no loader: write 'package.module:function'.",
            loader=loader,
        )
    if "/" in checked_path(file):
        raise InvalidNameError(f"{file!r} is a path, not a file's name.", name=file)
    return {"loader": loader, "file": file}


def load(folder: Path, meta: dict[str, Any], word: LoadWord) -> Any:
    """Call the loader, if the caller has said its name.

    Raises
    ------
    UnsafeModelError
        When they have not; nothing was imported then.
    RegistryError
        When the loader is not there.
    """
    meta = meta_of(meta["loader"], meta["file"])
    name = meta["loader"]
    if word.loader is not None and word.loader != name:
        raise UnsafeModelError(
            f"This model is loaded by '{name}', but you allowed '{word.loader}'. "
            f"Nothing was run.",
            loader=name,
            allowed=word.loader,
        )
    if word.loader != name and name not in word.trusted_loaders:
        raise UnsafeModelError(
            f"Loading this model runs '{name}', which you have not allowed. If you "
            f"trust it: load_model(…, loader='{name}'), or add it to the setting "
            f"'trusted_loaders'. Nothing was run.",
            loader=name,
        )
    return _function(name)(str(folder / meta["file"]))


def _function(name: str) -> Any:
    module, _, attributes = name.partition(":")
    try:
        found = importlib.import_module(module)
        for attribute in attributes.split("."):
            found = getattr(found, attribute)
    except (ImportError, AttributeError) as error:
        raise RegistryError(
            f"The loader '{name}' is not here: {error}. Install the package that "
            f"brings it.",
            loader=name,
        ) from error
    return found
