"""The parts of a card that people write: kept with the version, read back from a file.

In a card's Markdown each stands between two comments; only what is between them is
read back. What an earlier version's card said begins with a line that says so.
"""

from __future__ import annotations

import re
from html import escape, unescape
from typing import TYPE_CHECKING

from jupyter_mlops.errors import InvalidInputError, nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jupyter_mlops.registry.cards.carried import Carried

FIELDS = {
    "use": "What it is for, and for whom.",
    "limits": "Where it must not be used, and what it gets wrong.",
    "ethics": "Whom it could harm, and what was done about it.",
    "contact": "Who answers questions.",
    "license": "Under which licence it may be used.",
}
"""Name of each field, and what to write there."""

_LONGEST = 20_000
# People's own text has its '>' escaped, so it is never taken for this line.
_CARRIED = re.compile(r"> \*\*Carried over from version \d+\*\*[^\n]*\n*")
_FIELD = re.compile(
    r"<!-- fill: (?P<name>[a-z]+) -->\n(?P<text>.*?)\n?<!-- end: (?P=name) -->",
    re.DOTALL,
)


def checked_field(name: str, text: str) -> str:
    """Return the text of a field as it is kept.

    Raises
    ------
    InvalidInputError
        When there is no such field, or the text is too long for one.
    """
    if name not in FIELDS:
        raise InvalidInputError(
            f"A card has no field '{name}' to fill.{nearest(name, FIELDS)}", field=name
        )
    text = text.replace("\r\n", "\n").strip()
    if len(text) > _LONGEST:
        raise InvalidInputError(
            f"The field '{name}' has {len(text)} letters; it may have {_LONGEST}. Link "
            f"to a longer document.",
            field=name,
        )
    return text


def write_field(name: str, text: str, carried: Carried | None = None) -> str:
    """Write a field's part of a card; HTML in it is shown, not obeyed.

    Parameters
    ----------
    carried : Carried, optional
        What an earlier version's card says, where this one's says nothing yet.
    """
    shown = escape(text, quote=False) if text else f"*{FIELDS[name]}*"
    if carried is not None:
        shown = f"{carried_line(carried)}\n\n{escape(carried.text, quote=False)}"
    return f"<!-- fill: {name} -->\n{shown}\n<!-- end: {name} -->"


def carried_line(carried: Carried) -> str:
    """Say in Markdown that a text was written for an earlier version."""
    return (
        f"> **Carried over from version {carried.version}**, not confirmed for this "
        f"one. Take this line away where it still holds."
    )


def read_fields(
    card: str, carried: Mapping[str, Carried] | None = None
) -> dict[str, str]:
    """Read the fields of a card's Markdown that somebody has filled.

    Parameters
    ----------
    carried : mapping, optional
        What the version has of earlier ones, by field. Such a text confirms nothing
        as long as the line above it stands, unless it was changed.

    Raises
    ------
    InvalidInputError
        When the file has none of the comments that mark them.
    """
    found: dict[str, str] = {}
    known, is_any = carried or {}, False
    for match in _FIELD.finditer(card.replace("\r\n", "\n")):
        name, raw = match["name"], match["text"].strip()
        if name not in FIELDS:
            continue
        is_any = True
        mark = _CARRIED.match(raw)
        text = unescape(raw[mark.end() :] if mark else raw).strip()
        if mark and name not in known:
            raise InvalidInputError(
                f"The file says that the field '{name}' is carried over, but it has "
                f"been settled since. Take that line away where the file is right, or "
                f"write the card anew with 'jupyter mlops card URI -o FILE'.",
                field=name,
            )
        if mark and text == known[name].text:
            continue
        is_hint = text == f"*{FIELDS[name]}*"
        found[name] = "" if is_hint else checked_field(name, text)
    if not is_any:
        raise InvalidInputError(
            "This is no card of ours: it has no fields between '<!-- fill: … -->' and "
            "'<!-- end: … -->'. Write one with 'jupyter mlops card URI -o FILE'."
        )
    return found
