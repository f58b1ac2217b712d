"""The parts of a card that people write: kept with the version, read back from a file.

In a card's Markdown each stands between two comments; only what is between them is
read back.
"""

from __future__ import annotations

import re
from html import escape, unescape

from jupyter_mlops.errors import InvalidInputError, nearest

FIELDS = {
    "use": "What it is for, and for whom.",
    "limits": "Where it must not be used, and what it gets wrong.",
    "ethics": "Whom it could harm, and what was done about it.",
    "contact": "Who answers questions.",
    "license": "Under which licence it may be used.",
}
"""Name of each field, and what to write there."""

_LONGEST = 20_000
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


def write_field(name: str, text: str) -> str:
    """Write a field's part of a card; HTML in it is shown, not obeyed."""
    shown = escape(text, quote=False) if text else f"*{FIELDS[name]}*"
    return f"<!-- fill: {name} -->\n{shown}\n<!-- end: {name} -->"


def read_fields(card: str) -> dict[str, str]:
    """Read the fields of a card's Markdown that somebody has filled.

    Raises
    ------
    InvalidInputError
        When the file has none of the comments that mark them.
    """
    found = {}
    for match in _FIELD.finditer(card.replace("\r\n", "\n")):
        name, text = match["name"], unescape(match["text"]).strip()
        if name in FIELDS and text != f"*{FIELDS[name]}*":
            found[name] = checked_field(name, text)
        elif name in FIELDS:
            found[name] = ""
    if not found:
        raise InvalidInputError(
            "This is no card of ours: it has no fields between '<!-- fill: … -->' and "
            "'<!-- end: … -->'. Write one with 'jupyter mlops card URI -o FILE'."
        )
    return found
