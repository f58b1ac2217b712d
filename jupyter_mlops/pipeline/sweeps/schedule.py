"""Points in turn, or side by side: each in a thread of its own, which only waits."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import TYPE_CHECKING, Protocol

from jupyter_mlops.pipeline.apart import Interrupts, run_apart
from jupyter_mlops.pipeline.sweeps.results import PointResult, PointState

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_mlops.pipeline.sweeps.points import Point, Points


class SweepProgress(Protocol):
    """Whoever shows how far a sweep is; calls come from one thread at a time."""

    def sweep_began(self, count: int) -> None:
        """Show a sweep of so many points at the most."""

    def sharing_began(self, cells: int) -> None:
        """Show that the cells run that all points share."""

    def sharing_ended(self, cells: int, why_not: str) -> None:
        """Show how many they were, and why not more, if that needs a reason."""

    def point_began(self, point: Point) -> None:
        """Show that a point runs."""

    def point_ended(self, result: PointResult) -> None:
        """Show how it ended."""


class RunPoint(Protocol):
    """Runs one point."""

    def __call__(self, point: Point, interrupts: Interrupts) -> PointResult:
        """Run it to its end; what goes wrong is in the result."""


class EndPoint(Protocol):
    """Completes the result of a point that has ended."""

    def __call__(self, result: PointResult) -> PointResult:
        """Return it with what its run recorded."""


@dataclass
class Schedule:
    """Runs points.

    Parameters
    ----------
    jobs : int
        How many at once.
    prepare : callable or None
        Done before the first point, interruptible like one; no point follows when it
        was interrupted.
    stop : callable or None
        Told of the first interrupt, from any thread.
    is_patient : bool
        Whether points that run may end after the first interrupt.

    Attributes
    ----------
    results : list of PointResult
        In the order in which they ended.
    """

    points: Points
    run_point: RunPoint
    end_point: EndPoint
    jobs: int = 1
    progress: SweepProgress | None = None
    prepare: Callable[[], None] | None = None
    stop: Callable[[], None] | None = None
    is_patient: bool = True
    results: list[PointResult] = field(default_factory=list)
    _running: dict[int, Interrupts] = field(default_factory=dict)
    _ended: SimpleQueue[tuple[Point, PointResult | BaseException]] = field(
        default_factory=SimpleQueue
    )
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _is_stopping: bool = False
    _preparing: Interrupts | None = None

    def run(self) -> list[PointResult]:
        """Run them all; interrupted once, those that run end, twice, at once.

        Raises
        ------
        KeyboardInterrupt
            When interrupted, after all that ran has written its end.
        """
        run_apart(self._work, self.cancel)
        return self.results

    def _work(self) -> None:
        try:
            self._prepare()
            while self._begin_some():
                point, found = self._ended.get()
                self._leave(point)
                if not self.points.learns:
                    # It needs not wait until this one is read back.
                    self._begin_some()
                self._take(point, found)
        finally:
            # Of what went wrong here, no thread must be left behind.
            while self._running:
                point, found = self._ended.get()
                self._leave(point)
                self._take(point, found)

    def _prepare(self) -> None:
        if self.prepare is None:
            return
        with self._lock:
            self._preparing = Interrupts()
        with self._preparing.taken():
            try:
                self.prepare()
            except KeyboardInterrupt:
                self._is_stopping = True
            finally:
                self._preparing = None

    def cancel(self, *, now: bool) -> None:
        """Begin no more points; those that run end by themselves, or `now`."""
        now = now or not self.is_patient
        with self._lock:
            is_first, self._is_stopping = not self._is_stopping, True
            found = list(self._running.values()) if now else []
            preparing = self._preparing
        if is_first and self.stop is not None:
            self.stop()
        for interrupts in [*found, *([preparing] if preparing else [])]:
            interrupts.interrupt()

    def _begin_some(self) -> bool:
        """Begin as many points as there is room for; tell whether any runs."""
        while len(self._running) < self.jobs and not self._is_stopping:
            point = self.points.next()
            if point is None:
                break
            self._begin(point)
        return bool(self._running)

    def _begin(self, point: Point) -> None:
        interrupts = Interrupts()
        with self._lock:
            if self._is_stopping:
                return
            self._running[point.number] = interrupts
        if self.progress is not None:
            self.progress.point_began(point)
        threading.Thread(
            target=self._be_point,
            args=(point, interrupts),
            name=f"mlops-point-{point.number}",
            daemon=True,
        ).start()

    def _be_point(self, point: Point, interrupts: Interrupts) -> None:
        found: PointResult | BaseException
        try:
            with interrupts.taken():
                found = self.run_point(point, interrupts)
        except BaseException as error:  # noqa: BLE001 - a point that fails stops no other
            found = error
        self._ended.put((point, found))

    def _leave(self, point: Point) -> None:
        with self._lock:
            del self._running[point.number]

    def _take(self, point: Point, found: PointResult | BaseException) -> None:
        if isinstance(found, BaseException):
            found = PointResult(
                number=point.number,
                values=point.values,
                state=PointState.FAILED,
                why=f"{type(found).__name__}: {found}",
            )
        found = self.end_point(found)
        self.results.append(found)
        self.points.end(point, found)
        if self.progress is not None:
            self.progress.point_ended(found)
