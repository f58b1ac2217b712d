"""What a line shows after carriage returns and backspaces, as JupyterLab has it."""

from __future__ import annotations

import re

LINE_LIMIT = 8192
"""Letters of one line that can still be written over."""

_CONTROL = re.compile(r"([\n\r\b])")


def overwritten(
    line: str, at: int | None, text: str, limit: int = LINE_LIMIT
) -> tuple[str, str, int]:
    """Write `text` over an open line.

    Parameters
    ----------
    line : str
        What the line shows.
    at : int or None
        Where the next letter goes; None: at its end.
    limit : int
        Letters from which on a line is finished though it has no end.

    Returns
    -------
    tuple
        The finished lines, the open one, and where its next letter goes.
    """
    done: list[str] = []
    place = len(line) if at is None else at
    for part in _CONTROL.split(text):
        if part == "\n":
            done.append(line + part)
            line, place = "", 0
        elif part == "\r":
            place = 0
        elif part == "\b":
            place = max(place - 1, 0)
        elif part:
            line = line[:place] + part + line[place + len(part) :]
            place += len(part)
            if len(line) > limit:
                done.append(line)
                line, place = "", 0
    return "".join(done), line, place
