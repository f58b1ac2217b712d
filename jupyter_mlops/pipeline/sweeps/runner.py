"""Runs a sweep's points, each as a run within the sweep's."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from jupyter_mlops.pipeline.sweeps.branched import BranchedPoint
from jupyter_mlops.pipeline.sweeps.heldcells import HeldCells
from jupyter_mlops.pipeline.sweeps.heldpoints import HeldPoints
from jupyter_mlops.pipeline.sweeps.recorded import completed
from jupyter_mlops.pipeline.sweeps.results import PointState
from jupyter_mlops.pipeline.sweeps.schedule import Schedule
from jupyter_mlops.pipeline.sweeps.shared import (
    NotSharedError,
    find_prefix,
    run_shared,
)
from jupyter_mlops.pipeline.sweeps.whole import WholePoint

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jupyter_mlops.pipeline.apart import Interrupts
    from jupyter_mlops.pipeline.sweeps.points import Point
    from jupyter_mlops.pipeline.sweeps.results import PointResult
    from jupyter_mlops.pipeline.sweeps.schedule import SweepProgress
    from jupyter_mlops.pipeline.sweeps.sharedcells import SharedCells
    from jupyter_mlops.pipeline.sweeps.whole import SweepRoom
    from jupyter_mlops.tracking.recorded import RecordedRun

_FEWEST = 2
"""Points from which on sharing is worth its while."""
_ENDED = (PointState.FINISHED, PointState.PRUNED)


class PointPlace(Protocol):
    """Somewhere else where points run, each whole."""

    why_whole: str
    """Why they share no cells there; in words."""

    def run_point(self, point: Point, interrupts: Interrupts) -> PointResult:
        """Run one to its end; what goes wrong is in the result."""

    def cancel_waiting(self) -> None:
        """Let go of points that have not begun there; from any thread."""


@dataclass
class SweepRunner:
    """Runs points.

    Parameters
    ----------
    read_run : callable
        Reads a run that has ended.
    known : mapping
        Points that earlier sweeps have run, by `Point.key`: they do not run again.
    place : PointPlace or None
        Where they run, if not here.
    held : HeldCells
        Where the shared cells may be gone on from, and whether others may from here.
    left : HeldPoints
        Points that earlier sweeps left, and where they go on.
    make_ready : callable or None
        Gets ready what `read_run` needs, in a thread: to import that takes as long as
        a few points do.

    Attributes
    ----------
    results : list of PointResult
        In the order in which they ended.
    shared : int
        How many cells ran once for all points.
    why_not : str
        Why no more of them; in words.
    """

    room: SweepRoom
    read_run: Callable[[str], RecordedRun]
    known: Mapping[str, PointResult] = field(default_factory=dict)
    progress: SweepProgress | None = None
    place: PointPlace | None = None
    held: HeldCells = field(default_factory=HeldCells)
    left: HeldPoints = field(default_factory=HeldPoints)
    make_ready: Callable[[], None] | None = None
    results: list[PointResult] = field(default_factory=list)
    shared: int = 0
    why_not: str = ""
    _shared: SharedCells | None = None

    def run(self) -> list[PointResult]:
        """Run them all.

        Raises
        ------
        KeyboardInterrupt
            When interrupted, after all that ran has written its end.
        """
        if self.progress is not None:
            self.progress.sweep_began(self.room.points.count)
        schedule = Schedule(
            points=self.room.points,
            run_point=self._run_point,
            end_point=self._completed,
            jobs=self.room.plan.jobs,
            progress=self.progress,
            prepare=self._share,
            stop=self.place.cancel_waiting if self.place else None,
            results=self.results,
        )
        readying = threading.Thread(target=self.make_ready or _nothing, daemon=True)
        readying.start()
        try:
            return schedule.run()
        finally:
            readying.join()
            if self._shared is not None:
                self._shared.close()
            self.held.finish(is_done=self._is_done)

    @property
    def _is_done(self) -> bool:
        ended = sum(item.state in _ENDED for item in self.results)
        return ended == self.room.points.count

    def _share(self) -> None:
        """Run the cells that all points share, if there are any, and one can."""
        if self.place is None:
            if self.room.terms.seconds:
                _ = self.room.footing  # looked at before any cell runs
            self.left.find(self.room)
        left = self.room.points.left({*self.known, *self.left.keys})
        if left < (1 if self.held.earlier else _FEWEST):
            return
        if self.place is not None:
            self.why_not = self.place.why_whole
            if self.progress is not None:
                self.progress.sharing_ended(0, self.why_not)
            return
        try:
            notebook, prefix = find_prefix(self.room)
            if self.progress is not None:
                self.progress.sharing_began(prefix.count)
            found = self.held.find(self.room, notebook, prefix)
            if found is None and (left >= _FEWEST or self.held.goes_on):
                found = run_shared(self.room, notebook, prefix, self.held)
        except NotSharedError as error:
            self.why_not = str(error)
        else:
            if found is not None:
                self._use(found)
        if self.progress is not None:
            self.progress.sharing_ended(self.shared, self.why_not)

    def _use(self, shared: SharedCells) -> None:
        self._shared = shared
        self.shared, self.why_not = shared.count, shared.why
        self.held.keep(shared)

    def _run_point(self, point: Point, interrupts: Interrupts) -> PointResult:
        earlier = self.known.get(point.key)
        if earlier is not None:
            return replace(earlier, number=point.number, is_earlier=True)
        if self.place is not None:
            return self.place.run_point(point, interrupts)
        goes_on = self.left.plan_of(point.key)
        if goes_on is not None:
            return WholePoint(self.room, point, interrupts, goes_on).run_point()
        if self._shared is not None:
            return BranchedPoint(self.room, point, interrupts, self._shared).run_point()
        return WholePoint(self.room, point, interrupts).run_point()

    def _completed(self, result: PointResult) -> PointResult:
        if not result.run_id or result.is_earlier:
            return result
        found = completed(result, self.read_run(result.run_id))
        metric = self.room.judged_by
        if (
            found.state is PointState.FINISHED
            and metric
            and metric not in found.metrics
        ):
            return replace(found, why=f"it has no metric '{metric}'")
        return found


def _nothing() -> None:
    """Get nothing ready."""
