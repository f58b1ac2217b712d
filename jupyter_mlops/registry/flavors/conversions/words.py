"""What needs the caller's word before it goes where whoever loads it runs it."""

from __future__ import annotations

import pickletools
import re
from importlib import metadata
from typing import TYPE_CHECKING, Any

from jupyter_mlops.errors import UnsafeModelError

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlops.registry.words import LoadWord

_MODULE = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")


def check_pickle(meta: dict[str, Any], word: LoadWord) -> None:
    """Refuse to take a pickle, or what is loaded like one, elsewhere without the word.

    Raises
    ------
    UnsafeModelError
        When it was not said.
    """
    if not word.allow_pickle:
        raise UnsafeModelError(
            f"This model ({meta.get('class')}) is a pickle, or read like one: whoever "
            f"loads what is exported runs what its maker put there, and is asked no "
            f"more. If that is meant, say it: --allow-pickle, or allow_pickle=True.",
            reason="pickle",
        )


def check_loader(meta: dict[str, Any], word: LoadWord) -> str:
    """Return the name of a model's loader, if the caller has said it, too.

    Raises
    ------
    UnsafeModelError
        When they have not.
    """
    name = str(meta["loader"])
    if name != word.loader and name not in word.trusted_loaders:
        raise UnsafeModelError(
            f"Whoever loads what is exported runs '{name}', and is asked no more. If "
            f"that is meant, say its name: --loader {name}, or loader='{name}'.",
            loader=name,
            allowed=word.loader,
        )
    return name


def packages_in(file: Path) -> list[str]:
    """Return the installed packages whose modules a pickle names; it is not loaded.

    Any text in it that is such a module's name counts: one too many does no harm.
    """
    known = metadata.packages_distributions()
    found: set[str] = set()
    for _, text, _ in pickletools.genops(file.read_bytes()):
        # Older protocols have module and name in one text, apart by a space.
        first = text.split(" ")[0] if isinstance(text, str) else ""
        if _MODULE.fullmatch(first):
            found.update(known.get(first.partition(".")[0], ()))
    return sorted(found)
