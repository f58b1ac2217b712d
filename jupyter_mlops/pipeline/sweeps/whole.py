"""A point as a whole run of the notebook: what always can be done."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from jupyter_mlops import errors
from jupyter_mlops.pipeline.checkpoints.checkpointing import Checkpointing
from jupyter_mlops.pipeline.checkpoints.keeping import Terms
from jupyter_mlops.pipeline.engine import executor_within
from jupyter_mlops.pipeline.recording import NotebookRecording
from jupyter_mlops.pipeline.runner import run_notebook
from jupyter_mlops.pipeline.sweeps.pruning import PruningWatcher
from jupyter_mlops.pipeline.sweeps.results import PointResult, PointState
from jupyter_mlops.pipeline.sweeps.standing import standing_of

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from jupyter_mlops.pipeline.apart import Interrupts
    from jupyter_mlops.pipeline.checkpoints.plan import ResumePlan
    from jupyter_mlops.pipeline.execution import CellWatcher
    from jupyter_mlops.pipeline.sweeps.plan import SweepPlan
    from jupyter_mlops.pipeline.sweeps.points import Point, Points
    from jupyter_mlops.store.store import Store
    from jupyter_mlops.tracking.run import Run


class BeginShared(Protocol):
    """Begins the run of the cells that all points share; the workspace hands it in."""

    def __call__(
        self, *, name: str, experiment: str, params: Any, notebook: str
    ) -> Run:
        """Begin a run within the sweep's."""


class BeginPoint(Protocol):
    """Begins the run of a point; the workspace hands it in."""

    def __call__(
        self,
        number: int,
        *,
        name: str,
        experiment: str,
        params: Any,
        notebook: str,
    ) -> Run:
        """Begin a run within the sweep's."""


@dataclass(frozen=True, kw_only=True)
class SweepRoom:
    """What all points of a sweep share.

    Attributes
    ----------
    judged_by : str
        The metric that tells the best; empty: nothing does.
    is_pruning : bool
        Whether points are judged while they run, too.
    environ : dict
        The environment that they start from, as it was when the sweep began.
    terms : Terms
        On which copies are held of a point that failed.
    """

    plan: SweepPlan
    points: Points
    store: Store
    begin_point: BeginPoint
    begin_shared: BeginShared
    judged_by: str = ""
    is_pruning: bool = False
    environ: dict[str, str] = field(default_factory=lambda: dict(os.environ))
    terms: Terms = field(default_factory=Terms)

    @cached_property
    def footing(self) -> dict[str, Any]:
        """What copies stand on, as it is when this is first asked for.

        So before any cell runs: what changes meanwhile counts as changed.
        """
        return standing_of(self.plan, self.plan.source.node.cells)


class WholePoint:
    """One point, its cells run in a process of its own; a `NotebookExecutor`.

    Parameters
    ----------
    goes_on : ResumePlan, optional
        Where it goes on, as an earlier sweep has left it there.
    """

    def __init__(
        self,
        room: SweepRoom,
        point: Point,
        interrupts: Interrupts,
        goes_on: ResumePlan | None = None,
    ) -> None:
        self.room = room
        self.point = point
        self.interrupts = interrupts
        self._goes_on = goes_on
        self._restored = 0
        self.run: Run | None = None
        self._pruning: PruningWatcher | None = None

    def run_point(self) -> PointResult:
        """Run it to its end; what goes wrong is in the result."""
        plan = self.room.plan
        state, why = PointState.FINISHED, ""
        try:
            run_notebook(
                plan.source.path,
                {**plan.fixed, **self.point.values},
                source=plan.fresh_source(),
                begin_run=self._begin,
                blobs=self.room.store.blobs,
                output=self._output(),
                name=f"{plan.name} {self.point.number}",
                experiment=plan.experiment,
                kernel=plan.kernel,
                executor=self,
            )
            if self._pruning is not None:
                self._pruning.ended()
        except KeyboardInterrupt:
            is_pruned = self._pruning is not None and self._pruning.is_pruned
            state = PointState.PRUNED if is_pruned else PointState.CANCELLED
            why = "stopped early" if is_pruned else "interrupted"
        except errors.MlopsError as error:
            state, why = PointState.FAILED, failure_line(error)
        return PointResult(
            number=self.point.number,
            values=self.point.values,
            state=state,
            run_id=self.run.id if self.run else "",
            restored=self._restored,
            why=why,
        )

    def execute(self, notebook: NotebookNode, watcher: CellWatcher) -> None:
        """Run the cells."""
        assert self.run is not None, "the runner begins the run first"
        assert isinstance(watcher, NotebookRecording), "the engine hands it in"
        plan = self.room.plan
        executor = executor_within(
            self.run,
            plan.source.path,
            plan.engine,
            notebook=notebook,
            kernel=plan.kernel,
            timeout=plan.timeout,
            limits=plan.limits,
            environ=self.room.environ,
        )
        copies = Checkpointing(
            seconds=self.room.terms.seconds,
            budget=self.room.terms.budget,
            plan=self._goes_on,
            # A point is resumed by its sweep, which says how it was asked for.
            invocation=None,
            footing=lambda: self.room.footing,
        )
        try:
            executor = copies.prepare(executor, notebook, watcher)
            executor.execute(notebook, self.watched(watcher))
        finally:
            copies.finish()
            self._restored = copies.restored

    def watched(self, watcher: CellWatcher) -> CellWatcher:
        """Put a look at the point's metric around a watcher."""
        assert self.run is not None, "the runner begins the run first"
        if not self.room.is_pruning:
            return watcher
        self._pruning = PruningWatcher(
            watcher,
            self.run,
            self.room.store.layout.journal_folder(self.run.id),
            self.point,
            self.room.points,
            self.room.judged_by,
            self.interrupts,
        )
        return self._pruning

    def _begin(self, **told: Any) -> Run:
        self.run = self.room.begin_point(self.point.number, **told)
        return self.run

    def _output(self) -> str | None:
        plan = self.room.plan
        if plan.output is None:
            return None
        return str(plan.output / f"{plan.name}-{self.point.number}.ipynb")


def failure_line(error: errors.MlopsError) -> str:
    """Say in one line what went wrong: which cell failed, and how."""
    if isinstance(error, errors.NotebookFailedError):
        told = vars(error)
        return f"cell {told['position']}: {told['ename']}: {told['evalue']}"
    return str(error)
