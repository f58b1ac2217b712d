"""Masks secrets in a diff, where a secret of several lines has a sign before each."""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple

from jupyter_mlops.capture.redact import find_secrets

_SIGNS = {"-": (0,), "+": (1,), " ": (0, 1)}
"""Which of the two texts, the old one and the new one, a line belongs to."""


class _Piece(NamedTuple):
    """A part of one line that is to be masked, by its place in the diff."""

    start: int
    end: int
    kind: str


def mask_diff(diff: str) -> tuple[str, int]:
    """Mask the secrets in a diff as git writes it.

    They are looked for in the diff itself and in the old and the new text of each
    hunk, so that the signs between the lines of a key hide none of it.

    Returns
    -------
    str
        The diff; a secret of several lines is masked in each of them.
    int
        How many secrets there were.
    """
    pieces: list[_Piece] = []
    begun: set[int] = set()
    for view in _views(diff):
        for span in find_secrets("".join(view.lines)):
            found = _in_lines(view, *span)
            begun.add(found[0].start)
            pieces += found
    return _masked(diff, pieces), len(begun)


class _View(NamedTuple):
    """Lines that are read as one text: where each stands in the diff, where it ends."""

    places: list[int]
    lines: list[str]
    ends: list[int]

    def add(self, line: str, place: int) -> None:
        """Take in a line without its end."""
        self.places.append(place)
        self.lines.append(f"{line}\n")
        self.ends.append(len(line) + 1 + (self.ends[-1] if self.ends else 0))


def _views(diff: str) -> tuple[_View, ...]:
    """Return the diff as it is, and the old and the new text of its hunks."""
    whole, *sides = views = tuple(_View([], [], []) for _ in range(3))
    at = 0
    # Not splitlines(), which knows ends of lines that git does not.
    for line in diff.split("\n"):
        whole.add(line, at)
        is_head = line.startswith(("--- ", "+++ ", "diff ", "index "))
        for number in () if is_head else _SIGNS.get(line[:1], ()):
            sides[number].add(line[1:], at + 1)
        at += len(line) + 1
    return views


def _in_lines(view: _View, start: int, end: int, kind: str) -> list[_Piece]:
    """Cut what was found in a view's text into its lines' places in the diff."""
    pieces, ends = [], view.ends
    for number in range(bisect_right(ends, start), len(ends)):
        line, place = view.lines[number], view.places[number]
        at = ends[number] - len(line)
        if at >= end:
            break
        first = max(start, at)
        last = min(end, at + len(line.rstrip("\r\n")))
        if first < last:
            pieces.append(_Piece(place + first - at, place + last - at, kind))
    return pieces


def _masked(diff: str, pieces: list[_Piece]) -> str:
    parts, done = [], 0
    for start, end, kind in sorted(pieces):
        if end <= done:
            continue
        if start >= done:
            parts += [diff[done:start], f"<masked:{kind}>"]
        done = end
    return "".join(parts) + diff[done:]
