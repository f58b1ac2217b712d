"""One metric of a run, seen in its journals as it grows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_mlops.tracking.following import RunFollower

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


class FollowedCurve:
    """A metric's points, each told once, and those with a number only.

    Parameters
    ----------
    folder : Path
        The journals of the run.
    """

    def __init__(self, folder: Path, metric: str) -> None:
        self._follower = RunFollower(folder, _latest)
        self._metric = metric
        self._seen = -1.0

    def news(self) -> list[tuple[int, float]]:
        """Return steps beyond those told before, and their values."""
        if not self._follower.read():
            return []
        metric = self._follower.metrics.get(self._metric)
        if metric is None:
            return []
        found = []
        for step, value in zip(metric.steps, metric.values, strict=True):
            if step <= self._seen or value != value:  # noqa: PLR0124 - NaN is no news
                continue
            self._seen = step
            found.append((int(step), value))
        return found


def _latest(
    steps: Sequence[float], values: Sequence[float], limit: int
) -> tuple[list[float], list[float]]:
    return list(steps[-limit:]), list(values[-limit:])
