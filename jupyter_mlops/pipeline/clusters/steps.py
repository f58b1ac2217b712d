"""Steps of a pipeline on a cluster: handed over, tried again, taken in."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from jupyter_mlops import errors
from jupyter_mlops.pipeline.clusters.arrival import put_outputs, record_lost, take_in
from jupyter_mlops.pipeline.clusters.belongings import (
    earlier_runs,
    is_small_file,
    mentioned_files,
    module_files,
    variables_for,
)
from jupyter_mlops.pipeline.clusters.desk import Desk
from jupyter_mlops.pipeline.clusters.job import Answer, Job, StepWork
from jupyter_mlops.pipeline.clusters.made import made_there
from jupyter_mlops.pipeline.clusters.parcel import Parcel
from jupyter_mlops.pipeline.clusters.sweptsteps import SweptSteps
from jupyter_mlops.pipeline.clusters.versions import versions_of
from jupyter_mlops.pipeline.graph import needs
from jupyter_mlops.pipeline.steps.attempt import ATTEMPT_TAG
from jupyter_mlops.pipeline.steps.executors import limits_of
from jupyter_mlops.pipeline.versions.ledger import KeptOutput
from jupyter_mlops.records import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from jupyter_mlops.pipeline.clusters.dask_cluster import DaskCluster, JobEnd
    from jupyter_mlops.pipeline.steps.attempt import Room
    from jupyter_mlops.pipeline.steps.look import Look
    from jupyter_mlops.pipeline.steps.results import StepResult
    from jupyter_mlops.pipeline.steps.scheduler import Ended
    from jupyter_mlops.pipeline.steps.sweptpoints import ReadRun

_RETRIED = ("NotebookFailedError", "StepFailedError", "OutputMissingError")


@dataclass
class _Attempt:
    """A step that is away, for the `number`-th time."""

    look: Look
    waits: Iterator[float]
    number: int = 1


@dataclass
class _Ended:
    """A step that has ended; see `steps.scheduler.Ended`."""

    name: str
    answer: Callable[[], dict[str, Any]]


@dataclass
class ClusterSteps:
    """Runs steps on a cluster; a `steps.scheduler.Place`.

    Parameters
    ----------
    cluster : DaskCluster
        Where they run.
    room : Room
        What the steps of the pipeline share here.
    results : mapping
        What came of other steps, as it grows.
    read_run : callable
        Reads a run that was taken in.
    via : str
        An fsspec URL for files; empty: they go through the scheduler.
    engine : str
        What runs the cells there.
    """

    cluster: DaskCluster
    room: Room
    results: Mapping[str, StepResult]
    read_run: ReadRun
    via: str = ""
    engine: str = "worker"
    desk: Desk = field(init=False)
    _away: dict[str, _Attempt] = field(default_factory=dict)
    _swept: SweptSteps = field(init=False)
    _due: list[tuple[float, _Attempt]] = field(default_factory=list)
    _over: list[_Ended] = field(default_factory=list)
    _interrupts: int = 0

    def __post_init__(self) -> None:
        self.desk = Desk(self.cluster)
        self._swept = SweptSteps(self)

    def close(self) -> None:
        """Leave the cluster to whom it belongs."""

    def start(self, look: Look, width: int) -> None:
        """Hand a step over, or so many points of it at once.

        Raises
        ------
        ClusterError
            When what it needs cannot be sent.
        """
        if look.space is not None:
            self._swept.start(look, width)
        else:
            self._hand_over(_Attempt(look, look.step.retry.waits()))

    def wait(self) -> None:
        """Wait until there may be something new."""
        if self._over or self._swept.has_ended:
            return
        soonest = min((at for at, _ in self._due), default=None)
        seconds = None if soonest is None else max(0.0, soonest - time.monotonic())
        end = self.cluster.wait(seconds)
        if end is not None:
            self._take(end)

    def ended(self) -> Iterable[Ended]:
        """Give the steps that have ended since; hand those over again that are due."""
        for item in list(self._due):
            at, attempt = item
            if time.monotonic() >= at:
                self._due.remove(item)
                self._again(attempt)
        over, self._over = self._over, []
        yield from over
        yield from self._swept.ended()

    def interrupt(self, times: int) -> None:
        """Interrupt all steps: once, they finish writing; then at once."""
        for _, attempt in self._due:
            self._end(attempt, Answer(error={"error": KeyboardInterrupt.__name__}))
        self._due.clear()
        for _ in range(times - self._interrupts):
            self.cluster.interrupt(list(self._away))
            self._swept.interrupt()
        self._interrupts = times

    # --- there -----------------------------------------------------------------------

    def _hand_over(self, attempt: _Attempt) -> None:
        job = self.job_of(attempt.look)
        assert isinstance(job.work, StepWork), "that is what a step is"
        work = replace(job.work, number=attempt.number)
        self._away[self.cluster.submit(replace(job, work=work))] = attempt

    def job_of(self, look: Look) -> Job:
        """Make the job of a step, or of its points; its files are packed.

        Raises
        ------
        ClusterError
            When what it needs cannot be sent.
        """
        root = self.room.store.layout.project
        planner, settings = self.room.planner, self.room.store.settings
        pipeline = planner.pipeline
        if not pipeline.folder.is_relative_to(root):
            raise errors.ClusterError(
                f"{pipeline.shown} cannot run on a cluster: its folder "
                f"{pipeline.folder} lies outside of the workspace's project {root}.",
            )
        folders, digests = earlier_runs(look.given, self.room.store)
        parcel = Parcel(via=self.via)
        parcel.add(root, [*self._files(look, root), *folders])
        parcel.add_stored(self.room.store.blobs, digests)
        needed = {
            name: replace(self.results[name], error=None)
            for name in needs(pipeline, look.step)
        }
        work = StepWork(
            pipeline=pipeline,
            step=look.step.name,
            folder=str(pipeline.folder.relative_to(root)),
            results=needed,
            overrides=dict(planner.overrides.get(look.step.name, {})),
            number=1,
            parent=self.room.parent,
            facts=look.facts,
        )
        return Job(
            name=look.step.name,
            work=work,
            parcel=parcel,
            home=str(root),
            cluster=self.cluster.address,
            engine=self.engine,
            limits=limits_of(look.step),
            versions=versions_of(look.local.outside),
            variables=variables_for(look.local.mentions.variables, settings),
        )

    def _files(self, look: Look, root: Path) -> Iterator[Path]:
        folder = self.room.planner.pipeline.folder
        yield look.notebook.path
        for place in look.inputs.values():
            yield folder / place
        yield from module_files(look.local, root)
        outputs = {folder / place for place in look.outputs.values()}
        for path in self._unasked(look, root):
            if not any(path.is_relative_to(output) for output in outputs):
                yield path

    def _unasked(self, look: Look, root: Path) -> Iterator[Path]:
        """Yield what the code names, and what an earlier run of the step needed."""
        planner = self.room.planner
        yield from mentioned_files(look.local, look.notebook.path.parent, root)
        latest = planner.ledger.latest(planner.id, look.step.name)
        for name in (*latest.trace.reads, *latest.trace.modules) if latest else ():
            path = planner.pipeline.folder / name
            if path.is_relative_to(root) and is_small_file(path):
                yield path

    # --- and back --------------------------------------------------------------------

    def _take(self, end: JobEnd) -> None:
        attempt = self._away.pop(end.token, None)
        if attempt is None:
            self.desk.take(end)
            return
        answer = end.answer
        if answer is None:
            answer = Answer(error=self._record_lost(attempt, end))
        else:
            take_in(answer, self.room.store)
        may_retry = end.is_lost or answer.error.get("error") in _RETRIED
        wait = next(attempt.waits, None) if may_retry else None
        if answer.made is None and wait is not None and not self._interrupts:
            attempt.number += 1
            self._due.append((time.monotonic() + wait, attempt))
        else:
            self._end(attempt, answer)

    def _again(self, attempt: _Attempt) -> None:
        try:
            self._hand_over(attempt)
        except errors.MlopsError as error:
            told = {"error": type(error).__name__, "message": str(error)}
            self._end(attempt, Answer(error={**told, "run_id": None}))

    def _end(self, attempt: _Attempt, answer: Answer) -> None:
        look = attempt.look
        self._over.append(_Ended(look.step.name, lambda: self._made(look, answer)))

    def _made(self, look: Look, answer: Answer) -> dict[str, Any]:
        """Put a step's outputs where they belong, and return what it made."""
        made = made_there(look, answer)
        outputs = {name: KeptOutput(**kept) for name, kept in made["outputs"].items()}
        put_outputs(outputs, self.room.planner.pipeline.folder, self.room.store)
        return made

    def _record_lost(self, attempt: _Attempt, end: JobEnd) -> dict[str, Any]:
        """Record an attempt of which nothing came back."""
        look = attempt.look
        name = look.step.name
        error = errors.ClusterError(
            f"The step '{name}' has no result: {end.error}. What it had recorded went "
            f"with it. Give it 'retries', or see the cluster's own log.",
            step=name,
            worker=end.worker,
        )
        run_id = record_lost(
            self.room.store,
            error,
            scheduler=self.cluster.address,
            worker=end.worker,
            name=name,
            experiment=self.room.planner.pipeline.name,
            kind=Kind.STEP,
            parent=self.room.parent,
            notebook=str(look.notebook.path),
            params=dict(look.parameters),
            tags={ATTEMPT_TAG: str(attempt.number)} if attempt.number > 1 else {},
        )
        return {"error": "ClusterError", "message": str(error), "run_id": run_id}
