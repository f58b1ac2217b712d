"""Many points of a metric made few enough to draw: pure, and the same on every axis.

What lies between two neighbouring pixels is told by five points at most: the first,
the least, the greatest and the last, and one that is no number, if there is one.
"""

from __future__ import annotations

from bisect import bisect_left
from itertools import pairwise
from math import fsum, inf, isfinite, nan
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

PER_BUCKET = 4
"""Points that a bucket keeps, as a rule: what asks for n points gets n / 4 buckets."""
STEP, TIME = 0, 1
"""Where in a point an axis' value is."""


class Point(NamedTuple):
    """One point: microseconds from the run's beginning, NaN where it is no number."""

    step: int
    time: int
    value: float


class Mean(NamedTuple):
    """What values of several points near `x` add up to; those that are numbers."""

    x: float
    total: float
    numbers: int


def telling(points: Sequence[Point]) -> list[Point]:
    """Choose the points, at most five of them, that a stretch is drawn by.

    Choosing among what was chosen from parts gives the same as from the whole.
    """
    if len(points) <= 2:  # noqa: PLR2004 - the first and the last
        return list(points)
    values = [point[2] for point in points]
    kept = {0, len(points) - 1}
    # A sum tells fast whether all are numbers.
    if isfinite(sum(values)):
        kept |= {values.index(min(values)), values.index(max(values))}
    else:
        lows = [value if isfinite(value) else inf for value in values]
        low = min(lows)
        if low < inf:
            highs = [value if isfinite(value) else -inf for value in values]
            kept |= {lows.index(low), highs.index(max(highs))}
        odd = next((at for at, v in enumerate(values) if not isfinite(v)), None)
        kept |= set() if odd is None else {odd}
    return [points[at] for at in sorted(kept)]


def edges_of(low: float, high: float, buckets: int) -> list[float]:
    """Cut what lies from `low` to `high` into buckets of the same width."""
    width = (high - low) / buckets
    return [low + width * at for at in range(buckets)] + [inf]


def reduce_points(
    points: Sequence[Point], axis: int, edges: Sequence[float]
) -> list[Point]:
    """Keep what tells of each bucket; `points` lie in the order of the axis."""
    xs = [point[axis] for point in points]
    places = [0, *(bisect_left(xs, edge) for edge in edges[1:])]
    kept: list[Point] = []
    for start, stop in pairwise(places):
        if stop > start:
            kept += telling(points[start:stop])
    return kept


def reduce_means(means: Sequence[Mean], edges: Sequence[float]) -> list[Mean]:
    """Add up what falls into the same bucket; `means` are in order."""
    xs = [one.x for one in means]
    places = [0, *(bisect_left(xs, edge) for edge in edges[1:])]
    kept = []
    for start, stop in pairwise(places):
        part = means[start:stop]
        numbers = sum(one.numbers for one in part)
        if numbers:
            x = fsum(one.x * one.numbers for one in part) / numbers
            kept.append(Mean(x, sum(one.total for one in part), numbers))
    return kept


def mean_value(mean: Mean) -> float:
    """Return the average; NaN when it is beyond what a number holds."""
    found = mean.total / mean.numbers
    return found if isfinite(found) else nan
