"""What a request's JSON object says, checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlops.errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Mapping

_LONGEST = 4000


def text_of(body: Mapping[str, Any], name: str) -> str | None:
    """Return a text, None when it is not there or blank.

    Raises
    ------
    InvalidInputError
        When it is none, or longer than anybody writes.
    """
    found = body.get(name)
    if found is None:
        return None
    if not isinstance(found, str):
        raise InvalidInputError(f"'{name}' must be a text.", name=name)
    if len(found) > _LONGEST:
        raise InvalidInputError(
            f"'{name}' has {len(found)} letters; at most {_LONGEST} are kept.",
            name=name,
        )
    return found.strip() or None


def flag_of(body: Mapping[str, Any], name: str) -> bool:
    """Return whether something is wanted; what is not said is not.

    Raises
    ------
    InvalidInputError
        When it is neither true nor false.
    """
    found = body.get(name, False)
    if not isinstance(found, bool):
        raise InvalidInputError(f"'{name}' must be true or false.", name=name)
    return found


def count_of(body: Mapping[str, Any], name: str) -> int | None:
    """Return a whole number from 0, None when it is not there.

    Raises
    ------
    InvalidInputError
        When it is none.
    """
    found = body.get(name)
    if found is None:
        return None
    if type(found) is not int or found < 0:
        raise InvalidInputError(f"'{name}' must be a whole number.", name=name)
    return found
