"""The line ``%%track …`` above a cell: finding it and taking it off.

Runs for every cell of a session, so it imports nothing.
"""

from __future__ import annotations

MAGIC = "%%track"
USAGE = (
    "%%track [name] [-e EXPERIMENT] [-p NAME]… [-m NAME]… [-s NAME]… "
    "[-t KEY=VALUE]… [--note TEXT] [--no-live] [--no-autolog]"
)


def without_track_line(lines: list[str]) -> list[str]:
    """Take the line off a cell: an IPython input transformer.

    It changes nothing else and keeps no state, since IPython transforms a cell
    several times before it runs it, and also while it is being typed.
    """
    position = _position(lines)
    return lines if position is None else lines[:position] + lines[position + 1 :]


def track_line(source: str) -> str | None:
    """Return what stands after ``%%track`` above a cell, None where it does not."""
    lines = source.splitlines()
    position = _position(lines)
    return None if position is None else lines[position].strip()[len(MAGIC) :].strip()


def _position(lines: list[str]) -> int | None:
    """Find the line among the cell magics at the cell's head, in any order."""
    for position, line in enumerate(lines):
        word = line.strip().split(maxsplit=1)[:1]
        if word == [MAGIC]:
            return position
        if word and not word[0].startswith("%%"):
            return None
    return None
