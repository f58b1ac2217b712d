"""Which fields of a card a version has of its own, and which of an earlier one.

What was written for one version is offered to the next, and says whose it is until
somebody sets or confirms it there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jupyter_mlops.errors import InvalidInputError, nearest
from jupyter_mlops.registry.state import CARD

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from jupyter_mlops.records import ModelEvent

EVERY = "all"
"""What names all fields that are to be confirmed."""


@dataclass(frozen=True, slots=True)
class Carried:
    """What stands in a field of an earlier version.

    Attributes
    ----------
    version : int
        The one that it was written for.
    """

    text: str
    version: int


def own_fields(history: Iterable[ModelEvent], version: int) -> dict[str, str]:
    """Return what was written for a version itself; an emptied field is empty."""
    return _written(history).get(version, {})


def carried_fields(history: Iterable[ModelEvent], version: int) -> dict[str, Carried]:
    """Return the fields that nobody has set or confirmed for a version.

    Each is that of the nearest earlier version which has the field; one that was
    emptied there is carried no further.
    """
    written = _written(history)
    settled = set(written.get(version, {}))
    found: dict[str, Carried] = {}
    for earlier in sorted((n for n in written if n < version), reverse=True):
        for name, text in written[earlier].items():
            if name not in settled:
                settled.add(name)
                if text:
                    found[name] = Carried(text, earlier)
    return found


def confirmed_fields(
    names: Sequence[str], carried: Mapping[str, Carried], uri: str
) -> dict[str, str]:
    """Return the texts of carried fields that somebody confirms.

    Parameters
    ----------
    names : sequence of str
        The fields; ``all`` stands for every one.

    Raises
    ------
    InvalidInputError
        When one of them is not carried.
    """
    chosen = dict.fromkeys(carried if EVERY in names else names)
    for name in chosen:
        if name not in carried:
            hint = nearest(name, carried) if carried else " No field of it is."
            raise InvalidInputError(
                f"The field '{name}' of {uri} is not carried over from an earlier "
                f"version, so there is nothing to confirm.{hint}",
                field=name,
            )
    return {name: carried[name].text for name in chosen}


def carried_words(carried: Mapping[str, Carried]) -> str:
    """Say which fields are whose: ``limits and use of version 2``."""
    by_version: dict[int, list[str]] = {}
    for name in sorted(carried):
        by_version.setdefault(carried[name].version, []).append(name)
    return "; ".join(
        f"{' and '.join([', '.join(names[:-1]), names[-1]] if names[1:] else names)} "
        f"of version {version}"
        for version, names in sorted(by_version.items())
    )


def _written(history: Iterable[ModelEvent]) -> dict[int, dict[str, str]]:
    found: dict[int, dict[str, str]] = {}
    for event in history:
        if event.kind == CARD:
            texts = event.fields.get("fields") or {}
            found.setdefault(event.fields["version"], {}).update(texts)
    return found
