"""Steps that sweep, on a cluster: the sweep is steered here, each point is a job."""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import dataclass, field, replace
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

from jupyter_mlops import errors
from jupyter_mlops.pipeline.apart import Interrupts, run_apart
from jupyter_mlops.pipeline.clusters.arrival import record_lost, take_in
from jupyter_mlops.pipeline.clusters.job import StepWork
from jupyter_mlops.pipeline.clusters.made import made_there
from jupyter_mlops.pipeline.steps.children import answer_of, done
from jupyter_mlops.pipeline.steps.made import Made, made_of, told_of
from jupyter_mlops.pipeline.steps.swept import SweptAttempt
from jupyter_mlops.pipeline.steps.sweptpoints import point_tags
from jupyter_mlops.records import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jupyter_mlops.ids import RunId
    from jupyter_mlops.pipeline.clusters.dask_cluster import JobEnd
    from jupyter_mlops.pipeline.clusters.job import Job
    from jupyter_mlops.pipeline.clusters.steps import ClusterSteps
    from jupyter_mlops.pipeline.execution import Progress
    from jupyter_mlops.pipeline.steps.look import Look
    from jupyter_mlops.pipeline.sweeps.points import Point


@dataclass
class _Ended:
    """A step that has ended; see `steps.scheduler.Ended`."""

    name: str
    told: dict[str, Any]

    def answer(self) -> dict[str, Any]:
        return answer_of(self.told)


@dataclass
class SweptSteps:
    """Steers sweeps, each in a thread of its own, which only waits."""

    steps: ClusterSteps
    _interrupts: dict[str, Interrupts] = field(default_factory=dict)
    _over: SimpleQueue[_Ended] = field(default_factory=SimpleQueue)

    def start(self, look: Look, width: int) -> None:
        """Begin a sweep, so many of its points at once."""
        interrupts = self._interrupts[look.step.name] = Interrupts()
        threading.Thread(
            target=self._sweep,
            args=(look, width, interrupts),
            name=f"mlops-sweep-{look.step.name}",
            daemon=True,
        ).start()

    @property
    def has_ended(self) -> bool:
        """Whether one has that was not given yet."""
        return not self._over.empty()

    def ended(self) -> Iterable[_Ended]:
        """Give those that have ended since."""
        with suppress(Empty):
            while True:
                found = self._over.get_nowait()
                del self._interrupts[found.name]
                yield found

    def interrupt(self) -> None:
        """Interrupt all: their points end, no more begin."""
        for interrupts in self._interrupts.values():
            interrupts.interrupt()

    def _sweep(self, look: Look, width: int, interrupts: Interrupts) -> None:
        with interrupts.taken():
            told = done(lambda: self._made(look, width))
        self._over.put(_Ended(look.step.name, told))
        self.steps.cluster.wake()

    def _made(self, look: Look, width: int) -> dict[str, Any]:
        attempt = self._attempt(look, width)
        try:
            return told_of(attempt.execute_step())
        except errors.MlopsError as error:
            if attempt.run is not None:
                error.__dict__.setdefault("run_id", attempt.run.id)
            raise

    def _attempt(self, look: Look, width: int) -> SweptAttempt:
        steps = self.steps
        # Packed once, for all points.
        job = steps.job_of(look)

        def try_point(look: Look, point: Point, parent: RunId, number: int) -> FarPoint:
            return FarPoint(steps, job, look, point, parent, number)

        return SweptAttempt(
            steps.room, look, try_point, steps.read_run, width=width, is_far=True
        )


@dataclass
class FarPoint:
    """One attempt at one point of a step; a `steps.sweptpoints.OnePoint`."""

    steps: ClusterSteps
    job: Job
    look: Look
    point: Point
    parent: RunId
    number: int
    run_id: str = ""

    def execute_step(self, progress: Progress | None = None) -> Made:  # noqa: ARG002 - nobody sees its cells from here
        """Run it to its end; raises as `Attempt.execute_step`."""
        work = self.job.work
        assert isinstance(work, StepWork), "that is what a step is"
        work = replace(work, number=self.number, parent=self.parent, point=self.point)
        name = f"{self.job.name}-{self.point.number}"
        errand = self.steps.desk.send(replace(self.job, name=name, work=work))
        try:
            run_apart(errand.wait, errand.cancel)
        except KeyboardInterrupt:
            # What it came to is recorded all the same.
            with suppress(errors.MlopsError, KeyboardInterrupt):
                self._taken(errand.end)
            raise
        return self._taken(errand.end)

    def _taken(self, end: JobEnd) -> Made:
        answer = end.answer
        if answer is None:
            raise self._lost(end)
        take_in(answer, self.steps.room.store)
        self.run_id = answer.run_id
        return made_of(made_there(self.look, answer))

    def _lost(self, end: JobEnd) -> errors.ClusterError:
        """Record an attempt of which nothing came back, and return what to raise."""
        look, steps = self.look, self.steps
        name = look.step.name
        error = errors.ClusterError(
            f"Point {self.point.number} of the step '{name}' has no result: "
            f"{end.error}. What it had recorded went with it. Give the step 'retries', "
            f"or see the cluster's own log.",
            step=name,
            worker=end.worker,
        )
        self.run_id = record_lost(
            steps.room.store,
            error,
            scheduler=steps.cluster.address,
            worker=end.worker,
            name=f"{name} {self.point.number}",
            experiment=steps.room.planner.pipeline.name,
            kind=Kind.NOTEBOOK,
            parent=self.parent,
            notebook=str(look.notebook.path),
            params={**look.parameters, **self.point.values},
            tags=point_tags(self.point, self.number),
        )
        return error
