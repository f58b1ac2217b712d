"""A metric's series made small enough to draw, its extremes kept."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Any

from jupyter_mlops.figures.series import reduced
from jupyter_mlops.server import wire

if TYPE_CHECKING:
    from jupyter_mlops.store.index import MetricSeries


def reduced_series(
    key: str, series: MetricSeries, points: int, first: float | None, last: float | None
) -> dict[str, Any]:
    """Cut out the steps from `first` to `last`, and keep about `points` of them."""
    start = 0 if first is None else bisect_left(series.steps, first)
    stop = len(series) if last is None else bisect_right(series.steps, last)
    values = series.values[start:stop]
    # Places stand in for x: steps and times are then picked by them.
    places, kept = reduced(range(len(values)), values, max(points, 4))
    steps = [series.steps[start + int(at)] for at in places]
    times = [series.times[start + int(at)] / 1e6 for at in places]
    return wire.series(key, len(values), steps, kept, times)
