"""Which types a skops file asks for, as far as they are allowed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlops.registry.flavors import library, sklearn

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlops.registry.words import LoadWord


def types_in(folder: Path, meta: dict[str, Any], word: LoadWord) -> list[str]:
    """Load a model with our own checks, and return the types that it is made of.

    Raises
    ------
    UnsafeModelError
        When one is not known to be safe, nor allowed.
    """
    sklearn.load(folder, meta, word)
    skops = library("skops.io", sklearn.EXTRA)
    return sorted(skops.get_untrusted_types(file=folder / sklearn.FILE))
