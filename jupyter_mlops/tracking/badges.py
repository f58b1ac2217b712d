"""Short words about a run that lists show beside it: its verdict, its stamp."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

PREFIX = "mlops."
"""Begins the names of the tags that we set ourselves."""


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
