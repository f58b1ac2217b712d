"""Metrics as curves: some of their points, from one place of an axis to another."""

from __future__ import annotations

from math import ceil, floor
from typing import TYPE_CHECKING, Any

from jupyter_mlops.records import Status
from jupyter_mlops.store.index.answers import MetricCurve, MetricSeries
from jupyter_mlops.store.index.descent import Piece
from jupyter_mlops.store.index.drawing import (
    PER_BUCKET,
    STEP,
    TIME,
    edges_of,
    mean_value,
    reduce_means,
    reduce_points,
)
from jupyter_mlops.store.index.values import LONG, base_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from jupyter_mlops.store.index.answers import CurveQuery
    from jupyter_mlops.store.index.drawing import Mean, Point

AXES = ("step", "age", "time")
_SECOND = 1_000_000
_FEWEST_BUCKETS = 2


def read_curves(connection: Connection, query: CurveQuery) -> list[MetricCurve]:
    """Read the curves that there are of those asked for, in the order asked for."""
    reader = _Reader(connection, query)
    found = [reader.curve(run, key) for key in query.keys for run in query.run_ids]
    return [one for one in found if one is not None]


class _Reader:
    """Reads one curve after the other."""

    def __init__(self, connection: Connection, query: CurveQuery) -> None:
        self._connection = connection
        self._query = query
        self._mark = "?" if connection.dialect.name == "sqlite" else "%s"
        self._axis = STEP if query.axis == "step" else TIME
        self._few = max(query.points, _FEWEST_BUCKETS * PER_BUCKET)
        self._buckets = max(_FEWEST_BUCKETS, query.points // PER_BUCKET)
        self._runs = {run: self._run(run) for run in query.run_ids}
        self._keys = {key: self._key(key) for key in query.keys}

    def curve(self, run_id: str, key: str) -> MetricCurve | None:
        run, number = self._runs[run_id], self._keys[key]
        if run is None or number is None:
            return None
        piece = Piece(self._connection, run[0], number, self._axis, self._buckets)
        piece.read(*self._range(run_id, run[1]), self._few)
        if not piece.total and not self._has(run[0], number):
            return None
        kept, means = self._reduce(piece)
        base = base_of(run_id)
        shift = 0 if self._axis == STEP else base
        return MetricCurve(
            run_id=run_id,
            key=key,
            status=Status(run[2]),
            began=run[1],
            total=piece.total,
            series=MetricSeries(
                steps=[step for step, _, _ in kept],
                values=[value for _, _, value in kept],
                times=[base + time for _, time, _ in kept],
            ),
            means=None
            if means is None
            else [(one.x + shift, mean_value(one)) for one in means],
        )

    def _reduce(self, piece: Piece) -> tuple[list[Point], list[Mean] | None]:
        points, axis = piece.points, self._axis
        if len(points) == piece.total <= self._few:
            return points, None
        edges = edges_of(points[0][axis], points[-1][axis], self._buckets)
        kept = reduce_points(points, axis, edges)
        return kept, reduce_means(piece.means, edges)

    def _range(self, run_id: str, started: int) -> tuple[int, int]:
        """Return the first and the last step, or microsecond from the run's base."""
        asked = self._query
        factor = 1 if asked.axis == "step" else _SECOND
        zero = {"step": 0, "age": started, "time": 0}[asked.axis]
        shift = zero - (0 if asked.axis == "step" else base_of(run_id))
        low = -LONG if asked.first is None else ceil(asked.first * factor) + shift
        high = LONG if asked.last is None else floor(asked.last * factor) + shift
        return max(-LONG, min(low, LONG)), max(-LONG, min(high, LONG))

    def _run(self, run_id: str) -> tuple[int, int, str] | None:
        found = self._fetch(
            "SELECT id, started, status FROM runs "
            "WHERE run_id = ? AND started IS NOT NULL",
            run_id,
        )
        return None if not found else (found[0][0], found[0][1], found[0][2])

    def _key(self, key: str) -> int | None:
        found = self._fetch("SELECT id FROM keys WHERE name = ?", key)
        return int(found[0][0]) if found else None

    def _has(self, run: int, key: int) -> bool:
        sql = "SELECT 1 FROM metrics WHERE key = ? AND run = ?"
        return bool(self._fetch(sql, key, run))

    def _fetch(self, sql: str, *values: Any) -> Sequence[Sequence[Any]]:
        return self._connection.exec_driver_sql(
            sql.replace("?", self._mark), values
        ).all()
