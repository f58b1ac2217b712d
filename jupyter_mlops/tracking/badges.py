"""Short words about a run that lists show beside it: its verdict, its stamp."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_mlops.errors import InvalidNameError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

PREFIX = "mlops."
"""Begins the names of the tags that we set ourselves."""
ARCHIVED = PREFIX + "archived"
"""Set on runs that lists leave out."""


def listed(filter_text: str, *, with_archived: bool = False) -> dict[str, bool]:
    """Say which tags runs must have, or must not, to be listed.

    Archived ones are left out, unless they are asked for, or the filter asks itself.
    """
    return {} if with_archived or ARCHIVED in filter_text else {ARCHIVED: False}


def check_own_tags(keys: Iterable[str]) -> None:
    """Refuse names of tags that are for us to set.

    Raises
    ------
    InvalidNameError
        On the first that is.
    """
    for key in keys:
        if key.startswith(PREFIX):
            raise InvalidNameError(
                f"The tag '{key}' begins with '{PREFIX}', as only those do that "
                f"jupyter_mlops sets itself. Choose another name.",
                name=key,
            )


def badges_of(tags: Mapping[str, str]) -> dict[str, str]:
    """Return our own tags, by name without the prefix."""
    return {
        key.removeprefix(PREFIX): word
        for key, word in sorted(tags.items())
        if key.startswith(PREFIX)
    }


def own_tags(tags: Mapping[str, str]) -> dict[str, str]:
    """Return the tags that the user set."""
    return {key: word for key, word in tags.items() if not key.startswith(PREFIX)}
