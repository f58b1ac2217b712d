"""Keeps the stretches of long series as their points come in."""

from __future__ import annotations

from math import nan
from typing import TYPE_CHECKING, Any

from jupyter_mlops.store.index.drawing import Point
from jupyter_mlops.store.index.stretches import (
    LONG_SERIES,
    from_row,
    join,
    lowest_width,
    stretches_of,
    to_row,
    widened,
    widths_from,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection

    from jupyter_mlops.store.index.stretches import Stretch

Row = tuple[Any, ...]


class Stretcher:
    """Makes rows for the table of stretches, within the transaction of `connection`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._mark = "?" if connection.dialect.name == "sqlite" else "%s"

    def rows(
        self, run: int, key: int, new: Sequence[Row], before: int, count: int
    ) -> Iterable[Row]:
        """Give the rows that change with `new` points, which are not stored yet.

        Parameters
        ----------
        new : sequence of tuple
            Rows of `points`, by step, then time.
        before, count : int
            How many points the series had, and has.
        """
        if count < LONG_SERIES:
            return
        points = [_point(row[2], row[3], row[5]) for row in new]
        if before < LONG_SERIES:
            points = sorted(self._stored(run, key) + points, key=lambda p: p[:2])
            lowest = lowest_width(points[0].step, points[-1].step, count)
        else:
            lowest = self._lowest(run, key)
        level = stretches_of(points, lowest)
        for width in widths_from(lowest):
            there = self._there(run, key, width, level) if before >= LONG_SERIES else {}
            for one in level:
                old = there.get(one.place)
                whole = one if old is None else join(one.place, [old, one])
                yield (run, key, width, *to_row(whole))
            level = widened(level)

    def _stored(self, run: int, key: int) -> list[Point]:
        found = self._fetch(
            "SELECT step, time, value FROM points WHERE run = ? AND key = ?", run, key
        )
        return [_point(*row) for row in found]

    def _lowest(self, run: int, key: int) -> int:
        sql = "SELECT min(width) FROM stretches WHERE run = ? AND key = ?"
        return int(self._fetch(sql, run, key)[0][0])

    def _there(
        self, run: int, key: int, width: int, level: Sequence[Stretch]
    ) -> dict[int, Stretch]:
        """Return what is stored, by place, of where something is added."""
        found = self._fetch(
            'SELECT place, "count", early, late, numbers, total, points '
            "FROM stretches WHERE run = ? AND key = ? AND width = ? "
            "AND place BETWEEN ? AND ?",
            run,
            key,
            width,
            level[0].place,
            level[-1].place,
        )
        return {row[0]: from_row(row) for row in found}

    def _fetch(self, sql: str, *values: Any) -> Sequence[Sequence[Any]]:
        return self._connection.exec_driver_sql(
            sql.replace("?", self._mark), values
        ).all()


def _point(step: int, time: int, value: float | None) -> Point:
    return Point(step, time, nan if value is None else value)
