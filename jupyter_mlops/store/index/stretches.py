"""Long series told in stretches of steps, so that drawing them reads little.

A stretch holds all points of 2**width steps in a row, in five of them, their count and
their sum. Each level's stretches are 16 times as wide as those of the level below, and
each level holds every point once. Joining stretches is adding points: the order in
which journals come makes no difference.
"""

from __future__ import annotations

from itertools import groupby
from math import isfinite, nan
from struct import Struct
from typing import TYPE_CHECKING, Any, NamedTuple

from jupyter_mlops.store.index.drawing import Point, telling

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LONG_SERIES = 1024
"""So many points are read as they are; what has more of them has stretches."""
LEVELS = 5
WIDER = 4
"""Bits that a level's width has more than that of the level below."""
_POINTS = 64
"""About so many points are in a stretch of the lowest level."""
_WIDEST = 62 - WIDER * (LEVELS - 1)
_packed = Struct("<qqd")


class Stretch(NamedTuple):
    """Points that follow one another.

    There are `size` of them, from the time `early` to the time `late`; `numbers` of
    them are finite and add up to `total`; `points` tell of all, by step, then time.
    """

    place: int
    size: int
    early: int
    late: int
    numbers: int
    total: float
    points: list[Point]


def lowest_width(first: int, last: int, count: int) -> int:
    """Choose how many steps, as a power of two, the lowest stretches have."""
    steps = (last - first + 1) * _POINTS // max(count, 1)
    return min(max(steps.bit_length() - 1, 0), _WIDEST)


def widths_from(lowest: int) -> range:
    """Return the widths of all levels, the lowest first."""
    return range(lowest, lowest + WIDER * LEVELS, WIDER)


def stretches_of(points: Sequence[Point], width: int) -> list[Stretch]:
    """Cut points, which are in order, into stretches."""
    return [
        _from_points(place, list(part))
        for place, part in groupby(points, key=lambda point: point[0] >> width)
    ]


def widened(stretches: Iterable[Stretch], bits: int = WIDER) -> list[Stretch]:
    """Join stretches, which are in order, into wider ones."""
    parts = groupby(stretches, key=lambda one: one.place >> bits)
    return [join(place, list(part)) for place, part in parts]


def join(place: int, parts: Sequence[Stretch]) -> Stretch:
    """Make one stretch of several."""
    points = [point for part in parts for point in part.points]
    points.sort(key=_step_and_time)
    return Stretch(
        place,
        sum(part.size for part in parts),
        min(part.early for part in parts),
        max(part.late for part in parts),
        sum(part.numbers for part in parts),
        sum(part.total for part in parts),
        telling(points),
    )


def to_row(stretch: Stretch) -> tuple[Any, ...]:
    """Write a stretch as the table has it, from its place on."""
    *head, total, points = stretch
    packed = b"".join(_packed.pack(*point) for point in points)
    return (*head, total if isfinite(total) else None, packed)


def from_row(row: Sequence[Any]) -> Stretch:
    """Read a stretch, from its place on."""
    place, size, early, late, numbers, total, packed = row
    points = list(map(Point._make, _packed.iter_unpack(packed)))
    total = nan if total is None else total
    return Stretch(place, size, early, late, numbers, total, points)


def _from_points(place: int, points: list[Point]) -> Stretch:
    times = [point[1] for point in points]
    values = [point[2] for point in points]
    total = sum(values)
    if not isfinite(total):
        values = [value for value in values if isfinite(value)]
        total = sum(values)
    return Stretch(
        place,
        len(points),
        min(times),
        max(times),
        len(values),
        total,
        telling(points),
    )


def _step_and_time(point: Point) -> tuple[int, int]:
    return point[:2]
