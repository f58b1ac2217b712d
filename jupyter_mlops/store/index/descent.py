"""Finds what a piece of a series is drawn from: wide stretches, or points themselves.

It begins at the widest stretches and goes down only where these are wider than what
lies between two pixels, or where the piece ends within one.
"""

from __future__ import annotations

from math import inf, isfinite, nan
from operator import itemgetter
from typing import TYPE_CHECKING, Any, cast

from jupyter_mlops.store.index.drawing import STEP, TIME, Mean, Point
from jupyter_mlops.store.index.stretches import (
    LEVELS,
    WIDER,
    from_row,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection

    from jupyter_mlops.store.index.stretches import Stretch

_MOST_RANGES = 200
"""Questions that a level is worth; what is left then is told by wider stretches."""
_DENSE = 4096
"""A lowest stretch with more points than that is not taken to pieces."""


_ORDERS = {STEP: (STEP, TIME), TIME: (TIME, STEP)}
_FINER = 4
"""Sums of points are kept for parts that are so many times smaller than a bucket."""


class Piece:
    """What there is of one series from `low` to `high` of an axis, both included.

    Attributes
    ----------
    total : int
        How many points there are.
    points : list of Point
        All of them, or those that tell of the others.
    means : list of Mean
        What the values add up to, a piece at a time.
    """

    def __init__(
        self, connection: Connection, run: int, key: int, axis: int, buckets: int
    ) -> None:
        self._connection = connection
        self._mark = "?" if connection.dialect.name == "sqlite" else "%s"
        self._series = (run, key)
        self._axis = axis
        self._buckets = buckets
        self.total = 0
        self.points: list[Point] = []
        self.means: list[Mean] = []

    def read(self, low: int, high: int, few: int) -> None:
        """Collect what lies there: everything, where there are `few` at most."""
        self._low, self._high = low, high
        self._look()
        if len(self.points) < self.total <= few:
            self.total, self.points, self.means = 0, [], []
            self._take_points(low, high)
        # The last order first, one number at a time: keys that are tuples would keep
        # the garbage collector of a whole server busy.
        for part in reversed(_ORDERS[self._axis]):
            self.points.sort(key=itemgetter(part))
        self.means.sort()

    def _look(self) -> None:
        found = self._fetch(
            "SELECT min(width) FROM stretches WHERE run = ? AND key = ?", *self._series
        )
        lowest = found[0][0]
        if lowest is None:
            self._take_points(self._low, self._high)
        else:
            self._descend(lowest)

    def _descend(self, lowest: int) -> None:
        width = lowest + WIDER * (LEVELS - 1)
        seen = [one for one in self._stretches(width) if self._is_seen(one)]
        if not seen:
            return
        first = max(self._low, min(self._ends(one)[0] for one in seen))
        last = min(self._high, max(self._ends(one)[1] for one in seen))
        most = (last - first) / self._buckets
        while True:
            seen = self._take_fine(seen, most, _DENSE if width == lowest else inf)
            ranges = _ranges(one.place for one in seen)
            if width == lowest or not ranges:
                break
            width -= WIDER
            left = seen
            seen = [
                one
                for start, stop in ranges[:_MOST_RANGES]
                for one in self._stretches(width, start << WIDER, (stop << WIDER) - 1)
                if self._is_seen(one)
            ]
            self._take_rest(left, ranges)
        for start, stop in ranges[:_MOST_RANGES]:
            self._take_steps(start << width, (stop << width) - 1)
        self._take_rest(seen, ranges)

    def _take_fine(
        self, seen: Iterable[Stretch], most: float, dense: float
    ) -> list[Stretch]:
        """Take stretches that are narrow enough, or too dense; return the others."""
        coarse = []
        for one in seen:
            first, last = self._ends(one)
            is_inside = self._low <= first and last <= self._high
            is_fine = last - first <= most or one.size == len(one.points)
            if is_inside and (is_fine or one.size > dense):
                self._take(one)
            else:
                coarse.append(one)
        return coarse

    def _take_rest(
        self, seen: Iterable[Stretch], ranges: Sequence[tuple[int, int]]
    ) -> None:
        """Take what was not looked into as it is."""
        if len(ranges) > _MOST_RANGES:
            end = ranges[_MOST_RANGES][0]
            for one in seen:
                if one.place >= end:
                    self._take(one)

    def _take(self, stretch: Stretch) -> None:
        first, last = self._ends(stretch)
        self.total += stretch.size
        self.points += [point for point in stretch.points if self._holds(point)]
        if stretch.numbers:
            middle = (first + last) / 2
            self.means.append(Mean(middle, stretch.total, stretch.numbers))

    def _ends(self, stretch: Stretch) -> tuple[int, int]:
        if self._axis == STEP:
            return stretch.points[0].step, stretch.points[-1].step
        return stretch.early, stretch.late

    def _is_seen(self, stretch: Stretch) -> bool:
        first, last = self._ends(stretch)
        return first <= self._high and last >= self._low

    def _holds(self, point: Point) -> bool:
        return self._low <= point[self._axis] <= self._high

    def _stretches(
        self, width: int, start: int | None = None, stop: int | None = None
    ) -> list[Stretch]:
        # Places on the step axis that are looked at; on that of time, all.
        if self._axis == STEP:
            first, last = self._low >> width, self._high >> width
            start = first if start is None else max(start, first)
            stop = last if stop is None else min(stop, last)
        between = "" if start is None else "AND place BETWEEN ? AND ? "
        found = self._fetch(
            'SELECT place, "count", early, late, numbers, total, points '  # noqa: S608 - words of our own
            f"FROM stretches WHERE run = ? AND key = ? AND width = ? {between}"
            "ORDER BY place",
            *self._series,
            width,
            *([] if start is None else [start, stop]),
        )
        return [from_row(row) for row in found]

    def _take_steps(self, first: int, last: int) -> None:
        if self._axis == STEP:
            self._take_points(max(first, self._low), min(last, self._high))
        else:
            self._take_points(
                self._low, self._high, "AND step BETWEEN ? AND ?", first, last
            )

    def _take_points(self, low: int, high: int, more: str = "", *values: int) -> None:
        """Take the points themselves."""
        column = "step" if self._axis == STEP else "time"
        found = self._fetch(
            "SELECT step, time, value FROM points "  # noqa: S608 - names of our own columns
            f"WHERE run = ? AND key = ? AND {column} BETWEEN ? AND ? {more} "
            f"ORDER BY {column}",
            *self._series,
            low,
            high,
            *values,
        )
        if None in [row[2] for row in found]:
            found = [(s, t, nan if value is None else value) for s, t, value in found]
        # Plain tuples: thousands of named ones would take longer than reading them.
        points = cast("Sequence[Point]", found)
        self.total += len(points)
        self.points += points
        self._take_means(points)

    def _take_means(self, points: Sequence[Point]) -> None:
        """Add up what is finite, in parts much smaller than what is drawn."""
        xs = [point[self._axis] for point in points]
        values = [point[2] for point in points]
        size = max(1, len(points) // (_FINER * self._buckets))
        for start in range(0, len(points), size):
            part = values[start : start + size]
            total = sum(part)
            if not isfinite(total):
                part = [value for value in part if isfinite(value)]
                total = sum(part)
            if part:
                middle = (xs[start] + xs[min(start + size, len(xs)) - 1]) / 2
                self.means.append(Mean(middle, total, len(part)))

    def _fetch(self, sql: str, *values: Any) -> Sequence[Sequence[Any]]:
        # Past SQLAlchemy: its rows cost as much as the rest.
        cursor = self._connection.connection.cursor()
        try:
            cursor.execute(sql.replace("?", self._mark), values)
            return cursor.fetchall()
        finally:
            cursor.close()


def _ranges(places: Iterable[int]) -> list[tuple[int, int]]:
    """Join places that follow one another; the end is not included."""
    found: list[tuple[int, int]] = []
    for place in places:
        if found and found[-1][1] == place:
            found[-1] = (found[-1][0], place + 1)
        else:
            found.append((place, place + 1))
    return found
