"""Open files of a notebook's copy: its own place in each, none of its pipes.

Standard library only.
"""

from __future__ import annotations

import os
import stat
from contextlib import suppress

_STATUS_FLAGS = os.O_ACCMODE | os.O_APPEND | os.O_NONBLOCK | os.O_SYNC | os.O_DIRECT


def pipe_ends(pipes: list[int]) -> dict[int, tuple[int, bool]]:
    """Find every number by which this process knows some pipes.

    Returns
    -------
    dict
        By number: the position in `pipes`, and whether it is inheritable.
    """
    marks = {_mark(pipe): position for position, pipe in enumerate(pipes)}
    found = {}
    for number in open_files():
        with suppress(OSError):
            position = marks.get(_mark(number))
            if position is not None:
                found[number] = position, os.get_inheritable(number)
    return found


def part_offsets() -> None:
    """Open regular files anew, at the same place, so that no one else moves it.

    A forked process shares its place in an open file with the one that it came from.
    """
    for number in open_files():
        with suppress(OSError):
            if stat.S_ISREG(os.fstat(number).st_mode):
                _part(number)


def open_files() -> list[int]:
    """List the numbers of what is open, but for the list itself."""
    return [int(name) for name in os.listdir("/proc/self/fd")]  # noqa: PTH208 - much quicker


def _part(number: int) -> None:
    at = os.lseek(number, 0, os.SEEK_CUR)
    with open(f"/proc/self/fdinfo/{number}", encoding="ascii") as told:  # noqa: PTH123 - much quicker
        words = dict(line.split(":", 1) for line in told if ":" in line)
    flags = int(words["flags"], 8) & _STATUS_FLAGS
    opened = os.open(f"/proc/self/fd/{number}", flags)
    try:
        os.lseek(opened, at, os.SEEK_SET)
        os.dup2(opened, number, os.get_inheritable(number))
    finally:
        os.close(opened)


def _mark(number: int) -> tuple[int, int]:
    found = os.fstat(number)
    return found.st_dev, found.st_ino
