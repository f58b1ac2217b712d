"""Whether a point that goes on may be stopped: its metric, seen in its journals."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from jupyter_mlops.pipeline.sweeps.curve import FollowedCurve
from jupyter_mlops.pipeline.sweeps.results import POINT_TAG, PRUNED

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlops.pipeline.apart import Interrupts
    from jupyter_mlops.pipeline.execution import CellOutcome, CellWatcher
    from jupyter_mlops.pipeline.sweeps.points import Point, Points
    from jupyter_mlops.tracking.run import Run

_LOOK_SECONDS = 0.5


class PruningWatcher:
    """Passes on what a watcher is told, and stops the point when it is hopeless.

    Parameters
    ----------
    folder : Path
        The journals of the point's run.
    """

    def __init__(  # noqa: PLR0917 - one call, one place
        self,
        watcher: CellWatcher,
        run: Run,
        folder: Path,
        point: Point,
        points: Points,
        metric: str,
        interrupts: Interrupts,
    ) -> None:
        self._watcher = watcher
        self._run = run
        self._curve = FollowedCurve(folder, metric)
        self._point = point
        self._points = points
        self._metric = metric
        self._interrupts = interrupts
        self._due = time.monotonic() + _LOOK_SECONDS
        self.is_pruned = False

    def cell_began(self, index: int) -> None:
        """Pass it on."""
        self._watcher.cell_began(index)

    def cell_ended(self, outcome: CellOutcome) -> None:
        """Pass it on."""
        self._watcher.cell_ended(outcome)

    def beat(self) -> None:
        """Pass it on, and look at the metric now and then."""
        self._watcher.beat()
        if self.is_pruned or time.monotonic() < self._due:
            return
        self._due = time.monotonic() + _LOOK_SECONDS
        self._judge()

    def ended(self) -> None:
        """Have the points learn what nobody has looked at yet."""
        if not self.is_pruned:
            self._points.learn(self._point, self._curve.news())

    def _judge(self) -> None:
        for step, value in self._curve.news():
            if self._points.is_hopeless(self._point, step, value):
                self.is_pruned = True
                note_pruned(self._run, self._point, self._metric, step, value)
                self._interrupts.interrupt()
                return


def note_pruned(run: Run, point: Point, metric: str, step: int, value: float) -> None:
    """Keep with a point's run that it was stopped early, and where."""
    run.set_tag(POINT_TAG, f"{point.number}, {PRUNED}")
    run.observe(PRUNED, f"{metric} {value:.5g} at step {step}")
