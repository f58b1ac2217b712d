"""Points of a sweep on a cluster: each a job, recorded as if it had run here."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from jupyter_mlops import errors
from jupyter_mlops.ids import RunId
from jupyter_mlops.pipeline.clusters.arrival import record_lost, take_in
from jupyter_mlops.pipeline.clusters.belongings import earlier_runs, given_files
from jupyter_mlops.pipeline.clusters.job import Answer, NotebookWork
from jupyter_mlops.pipeline.clusters.notebooks import job_for, save_notebook
from jupyter_mlops.pipeline.limits.budget import Limits
from jupyter_mlops.pipeline.steps.attempt import ATTEMPT_TAG
from jupyter_mlops.pipeline.steps.children import answer_of
from jupyter_mlops.pipeline.sweeps.curve import FollowedCurve
from jupyter_mlops.pipeline.sweeps.pruning import note_pruned
from jupyter_mlops.pipeline.sweeps.results import POINT_TAG, PointResult, PointState
from jupyter_mlops.pipeline.sweeps.whole import failure_line
from jupyter_mlops.records import Kind
from jupyter_mlops.tracking.objects import ObjectFormats
from jupyter_mlops.tracking.run import Run

if TYPE_CHECKING:
    from jupyter_mlops.pipeline.apart import Interrupts
    from jupyter_mlops.pipeline.clusters.dask_cluster import JobEnd
    from jupyter_mlops.pipeline.clusters.desk import Desk
    from jupyter_mlops.pipeline.clusters.job import Curve, Job
    from jupyter_mlops.pipeline.sweeps.plan import SweepPlan
    from jupyter_mlops.pipeline.sweeps.points import Point
    from jupyter_mlops.pipeline.sweeps.whole import SweepRoom
    from jupyter_mlops.store.store import Store

_TRIES = 2
"""How often a point is begun whose worker dies under it."""


@dataclass
class FarPoints:
    """What the points of one sweep need on a cluster, packed once for all of them."""

    desk: Desk
    plan: SweepPlan
    store: Store
    via: str = ""
    _job: Job = field(init=False)

    def __post_init__(self) -> None:
        """Pack.

        Raises
        ------
        ClusterError
            When something that the notebook needs cannot be sent.
        """
        self._job = self._packed(dict(self.plan.fixed))

    def place(self, room: SweepRoom, sweep: RunId) -> FarPlace:
        """Return where the points run, within a sweep's run."""
        return FarPlace(self, room, sweep)

    def job_of(self, point: Point) -> Job:
        """Return a point's job, but for what its run is to begin with."""
        given = {**self.plan.fixed, **point.values}
        path, root = self.plan.source.path, self.store.layout.project
        needs_more = any(given_files(point.values, path.parent, root))
        needs_more = needs_more or any(earlier_runs(point.values, self.store))
        job = self._packed(given) if needs_more else self._job
        work = job.work
        assert isinstance(work, NotebookWork), "that is what a sweep runs"
        options = {**work.options, "name": f"{self.plan.name} {point.number}"}
        return replace(
            job,
            name=f"{job.name}-{point.number}",
            work=replace(work, given=given, options=options),
        )

    def _packed(self, given: dict[str, Any]) -> Job:
        plan = self.plan
        said = {
            "experiment": plan.experiment,
            "kernel": plan.kernel,
            "timeout": plan.timeout,
        }
        options = {key: value for key, value in said.items() if value is not None}
        work = NotebookWork(path="", given=given, options=options)
        address = self.desk.cluster.address
        job = job_for(plan.source.path, work, self.store, address, self.via)
        limits = Limits(memory=plan.limits.memory)
        return replace(job, engine=plan.engine, limits=limits)


@dataclass
class FarPlace:
    """Where points run on a cluster; a `sweeps.runner.PointPlace`."""

    points: FarPoints
    room: SweepRoom
    sweep: RunId
    why_whole: str = "a process cannot be copied to another machine"

    def run_point(self, point: Point, interrupts: Interrupts) -> PointResult:
        """Run one to its end; what goes wrong is in the result."""
        number = 1
        while True:
            attempt = FarPoint(
                self.points, self.room, self.sweep, point, interrupts, number
            )
            found = attempt.run_point()
            if not attempt.is_lost or number >= _TRIES or interrupts.count:
                return found
            number += 1

    def cancel_waiting(self) -> None:
        """Let go of points that no worker has begun; from any thread."""
        self.points.desk.cancel_waiting()


@dataclass
class FarPoint:
    """One attempt at a point.

    Attributes
    ----------
    is_lost : bool
        Whether its worker died under it.
    """

    points: FarPoints
    room: SweepRoom
    sweep: RunId
    point: Point
    interrupts: Interrupts
    number: int = 1
    is_lost: bool = False
    _hopeless: tuple[int, float] | None = None

    def run_point(self) -> PointResult:
        """Run it to its end; what goes wrong is in the result."""
        try:
            job = self._job()
            errand = self.points.desk.send(job, self._hear if job.watch else None)
            # It has ended then as one that was interrupted, unless it was quicker.
            with suppress(KeyboardInterrupt):
                self.interrupts.run(errand.wait, errand.cancel)
            return self._taken(job, errand.end)
        except errors.MlopsError as error:
            return self._result(PointState.FAILED, why=failure_line(error))

    def _job(self) -> Job:
        job = self.points.job_of(self.point)
        work = job.work
        assert isinstance(work, NotebookWork), "that is what a sweep runs"
        begins = {
            "kind": Kind.NOTEBOOK,
            "parent": self.sweep,
            "tags": self._tags,
        }
        watch = self.room.judged_by if self.room.is_pruning else ""
        return replace(job, work=replace(work, begins=begins), watch=watch)

    @property
    def _tags(self) -> dict[str, str]:
        tags = {POINT_TAG: str(self.point.number)}
        if self.number > 1:
            tags[ATTEMPT_TAG] = str(self.number)
        return tags

    # --- while it runs ----------------------------------------------------------------

    def _hear(self, curve: Curve) -> None:
        """Stop it when it is hopeless, by its metric so far."""
        for step, value in curve:
            if self._hopeless is not None:
                return
            if self.room.points.is_hopeless(self.point, step, value):
                self._hopeless = (step, value)
                self.interrupts.interrupt()

    # --- when it has ended ------------------------------------------------------------

    def _taken(self, job: Job, end: JobEnd) -> PointResult:
        answer, store = end.answer, self.points.store
        if answer is None:
            return self._lost(end)
        take_in(answer, store)
        target = self.points.plan.output
        if target is not None:
            name = f"{self.points.plan.name}-{self.point.number}.ipynb"
            save_notebook(answer, target / name, store)
        try:
            answer_of({"made": answer.made} if answer.made else answer.error)
        except KeyboardInterrupt:
            return self._interrupted(answer)
        except errors.MlopsError as error:
            run_id = answer.run_id
            return self._result(PointState.FAILED, run_id, failure_line(error))
        if job.watch and self._hopeless is None:
            folder = store.layout.journal_folder(answer.run_id)
            curve = FollowedCurve(folder, job.watch)
            self.room.points.learn(self.point, curve.news())
        return self._result(PointState.FINISHED, answer.run_id)

    def _interrupted(self, answer: Answer) -> PointResult:
        run_id = answer.run_id
        if not run_id:
            why = "interrupted before a worker was free"
            return self._result(PointState.NOT_RUN, why=why)
        if self._hopeless is None:
            return self._result(PointState.CANCELLED, run_id, "interrupted")
        store = self.points.store
        run = Run.join(store, ObjectFormats(), RunId(answer.run_id))
        note_pruned(run, self.point, self.room.judged_by, *self._hopeless)
        return self._result(PointState.PRUNED, run_id, "stopped early")

    def _lost(self, end: JobEnd) -> PointResult:
        """Record a point of which nothing came back."""
        plan = self.points.plan
        self.is_lost = end.is_lost
        error = errors.ClusterError(
            f"point {self.point.number} has no result: {end.error}. What it had "
            f"recorded went with it; see the cluster's own log.",
            notebook=plan.source.shown,
            worker=end.worker,
        )
        run_id = record_lost(
            self.points.store,
            error,
            scheduler=self.points.desk.cluster.address,
            worker=end.worker,
            name=f"{plan.name} {self.point.number}",
            experiment=plan.experiment,
            kind=Kind.NOTEBOOK,
            parent=self.sweep,
            notebook=str(plan.source.path),
            params=plan.source.parameters.effective(
                {**plan.fixed, **self.point.values}
            ),
            tags=self._tags,
        )
        return self._result(PointState.FAILED, run_id, end.error)

    def _result(
        self, state: PointState, run_id: str = "", why: str = ""
    ) -> PointResult:
        return PointResult(
            number=self.point.number,
            values=self.point.values,
            state=state,
            run_id=run_id,
            why=why,
        )
