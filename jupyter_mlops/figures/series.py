"""One metric of one run as a curve: made smaller, and smoother. Pure Python."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import isfinite, nan
from typing import TYPE_CHECKING

from jupyter_mlops.figures.scales import is_drawable

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_POINTS = 2000
"""Points of a curve that a picture can tell apart."""
_PER_BUCKET = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """The series of one metric of one run.

    Attributes
    ----------
    label : str
        What a legend calls the run: one line.
    xs, ys : sequence of float
        By x; `ys` may hold NaN and infinities.
    """

    label: str
    run_id: str
    metric: str
    xs: Sequence[float]
    ys: Sequence[float]

    def __len__(self) -> int:
        return len(self.xs)

    @property
    def odd(self) -> int:
        """How many values cannot be drawn."""
        return sum(not is_drawable(y) for y in self.ys)

    @property
    def last(self) -> float:
        """The last value that can be drawn; NaN when none can."""
        return next((y for y in reversed(self.ys) if is_drawable(y)), nan)


def reduced(
    xs: Sequence[float], ys: Sequence[float], limit: int = MOST_POINTS
) -> tuple[list[float], list[float]]:
    """Keep at most about `limit` points of a curve, the extremes among them.

    Of each stretch of points its least and its greatest stay, in their order, and
    a NaN where there is one, so that no peak and no gap is lost; besides the first
    and the last point.
    """
    count = len(xs)
    if count <= limit:
        return list(xs), list(ys)
    buckets = max(1, (limit - _PER_BUCKET) // _PER_BUCKET)
    edges = [1 + (count - 2) * at // buckets for at in range(buckets + 1)]
    kept = [0]
    for start, stop in pairwise(edges):
        kept += _telling(ys, start, stop)
    kept.append(count - 1)
    return [xs[at] for at in kept], [ys[at] for at in kept]


def _telling(ys: Sequence[float], start: int, stop: int) -> list[int]:
    part = ys[start:stop]
    if not part:
        return []
    # A sum tells fast whether all are numbers.
    if isfinite(sum(part)):
        found = {start + part.index(min(part)), start + part.index(max(part))}
        return sorted(found)
    places = range(start, stop)
    numbers = [at for at in places if isfinite(ys[at])]
    odd = next((at for at in places if not isfinite(ys[at])), None)
    found = set() if odd is None else {odd}
    if numbers:
        found |= {min(numbers, key=ys.__getitem__), max(numbers, key=ys.__getitem__)}
    return sorted(found)


def smoothed(ys: Sequence[float], weight: float) -> list[float]:
    """Smooth values exponentially, as TensorBoard does.

    Parameters
    ----------
    weight : float
        From 0 (nothing changes) to below 1. The first values are corrected for
        having few before them; NaN and infinities stay, and count for nothing.
    """
    total, power = 0.0, 1.0
    found = []
    for y in ys:
        if isfinite(y):
            total = total * weight + (1 - weight) * y
            power *= weight
            found.append(total / (1 - power))
        else:
            found.append(y)
    return found
