"""What came of a sweep: its points, the best of them, and how they are recorded."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from jupyter_mlops.ids import RunId
    from jupyter_mlops.records import JsonValue, Status
    from jupyter_mlops.tracking.resumed import Resumed

OBSERVATION = "sweep"
POINT_TAG = "mlops.point"
"""A point's number, on its run; `SHARED` on that of the cells that all share."""
SHARED = "shared"
PRUNED = "pruned"
"""Behind the number of a point that was stopped early; the observation says where."""


class PointState(StrEnum):
    """How a point stands, or ended."""

    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"
    PRUNED = "pruned"
    CANCELLED = "cancelled"
    LOST = "lost"
    NOT_RUN = "not run"


@dataclass(frozen=True, kw_only=True)
class PointResult:
    """What came of one point.

    Attributes
    ----------
    run_id : str
        Its run; empty when it has none.
    shared : int
        How many of its cells ran before, once for several points.
    restored : int
        How many of its cells an earlier sweep's run of it had run.
    why : str
        In words, when it did not go well.
    is_earlier : bool
        An earlier sweep ran it.
    """

    number: int
    values: Mapping[str, JsonValue]
    state: PointState
    run_id: str = ""
    seconds: float | None = None
    metrics: Mapping[str, float] = field(default_factory=dict)
    shared: int = 0
    restored: int = 0
    why: str = ""
    is_earlier: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "point": self.number,
            "run_id": self.run_id or None,
            "state": str(self.state),
            "params": dict(self.values),
            "metrics": dict(self.metrics),
            "seconds": self.seconds,
            "shared": self.shared,
            "restored": self.restored,
            "why": self.why or None,
            "earlier": self.is_earlier,
        }

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> PointResult:
        """Make it of plain values.

        Raises
        ------
        KeyError, ValueError, TypeError
            When they are none of a point.
        """
        return cls(
            number=found["point"],
            values=found["params"],
            state=PointState(found["state"]),
            run_id=found["run_id"] or "",
            seconds=found["seconds"],
            metrics=found["metrics"],
            shared=found["shared"],
            restored=found.get("restored", 0),
            why=found["why"] or "",
            is_earlier=found["earlier"],
        )


@dataclass(frozen=True, kw_only=True)
class SweepResult:
    """What came of a sweep.

    Attributes
    ----------
    metric : str
        What points are judged by; empty when nothing tells.
    is_lower_better : bool
        Whether less of it is better.
    shared : int
        How many cells ran once for all points.
    why_not : str
        Why no more cells, or none, could be shared; in words.
    resumed : Resumed or None
        The sweep that it went on with.
    """

    run_id: RunId
    name: str
    status: Status
    points: Sequence[PointResult]
    metric: str = ""
    is_lower_better: bool = False
    seed: int | None = None
    shared: int = 0
    why_not: str = ""
    resumed: Resumed | None = None

    @property
    def best(self) -> PointResult | None:
        """The best point, None when nothing tells."""
        first = next(iter(self.ranked), None)
        return first if first is not None and self.metric in first.metrics else None

    @property
    def ranked(self) -> list[PointResult]:
        """The points, the best first, then those without the metric."""
        return ranked(self.points, self.metric, is_lower_better=self.is_lower_better)

    def frame(self) -> pd.DataFrame:
        """Return the points as a table, the best first.

        Returns
        -------
        DataFrame
            Columns ``point state run_id seconds params.* metrics.*``.
        """
        import pandas as pd

        rows = [
            {
                "point": item.number,
                "state": str(item.state),
                "run_id": item.run_id,
                "seconds": item.seconds,
                **{f"params.{name}": value for name, value in item.values.items()},
                **{f"metrics.{name}": value for name, value in item.metrics.items()},
            }
            for item in self.ranked
        ]
        return pd.DataFrame(rows)

    def to_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        best = self.best
        return {
            "run_id": self.run_id,
            "name": self.name,
            "status": str(self.status),
            "metric": self.metric or None,
            "goal": ("min" if self.is_lower_better else "max") if self.metric else None,
            "seed": self.seed,
            "shared_cells": self.shared,
            "not_shared": self.why_not or None,
            "best": best.to_json() if best else None,
            "points": [item.to_json() for item in self.ranked],
        }


def ranked(
    points: Sequence[PointResult], metric: str, *, is_lower_better: bool
) -> list[PointResult]:
    """Bring points into order: the best first, those that did not finish last."""

    def place(item: PointResult) -> tuple[int, float, int]:
        value = item.metrics.get(metric, math.nan)
        if item.state is not PointState.FINISHED:
            return (2, 0.0, item.number)
        if math.isnan(value):
            return (1, 0.0, item.number)
        return (0, value if is_lower_better else -value, item.number)

    return sorted(points, key=place)


def metric_of(points: Sequence[PointResult]) -> str:
    """Return the one metric that all points have, empty when there are several."""
    names = {name for item in points for name in item.metrics}
    return names.pop() if len(names) == 1 else ""
