"""Which types a skops file asks for, as far as they are allowed, and their packages."""

from __future__ import annotations

import json
import zipfile
from importlib import metadata
from typing import TYPE_CHECKING, Any

from jupyter_mlops.registry.flavors import library, sklearn

if TYPE_CHECKING:
    from collections.abc import Iterator
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


def packages_in(folder: Path) -> list[str]:
    """Return the installed packages whose types a model is made of.

    A pipeline may end in another library's estimator, which its reader needs, too.
    """
    with zipfile.ZipFile(folder / sklearn.FILE) as archive:
        schema = json.loads(archive.read("schema.json"))
    known = metadata.packages_distributions()
    tops = {module.partition(".")[0] for module in _modules(schema)}
    return sorted({package for top in tops for package in known.get(top, ())})


def _modules(schema: Any) -> Iterator[str]:
    waiting = [schema]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            if isinstance(module := item.get("__module__"), str):
                yield module
            waiting += item.values()
        elif isinstance(item, list):
            waiting += item
