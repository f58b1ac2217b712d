"""One notebook's run with copies: those it leaves, and the one that it goes on from."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import nbformat

from jupyter_mlops.pipeline.checkpoints.keeping import Keeping, borrow
from jupyter_mlops.pipeline.checkpoints.marks import executable_cells, mark_of
from jupyter_mlops.pipeline.checkpoints.visitor import OBSERVATION, CheckpointVisitor
from jupyter_mlops.pipeline.worker.executor import WorkerExecutor
from jupyter_mlops.pipeline.worker.resumption import Resumption
from jupyter_mlops.tracking import resumed

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbformat import NotebookNode

    from jupyter_mlops.pipeline.checkpoints.plan import ResumePlan
    from jupyter_mlops.pipeline.execution import CellOutcome, NotebookExecutor
    from jupyter_mlops.pipeline.recording import NotebookRecording
    from jupyter_mlops.pipeline.worker.sleeper import Sleeper
    from jupyter_mlops.pipeline.worker.work import NotebookWork
    from jupyter_mlops.records import JsonValue

INVOCATION = "invocation"
"""Says of a run how it was asked for, so that it can be resumed in the same way."""


@dataclass(kw_only=True)
class Checkpointing:
    """What a notebook's run does about copies of its process.

    Attributes
    ----------
    seconds : float
        How long copies are held when the run has ended; 0: none are made.
    budget : int
        Bytes that all copies of this user may take together.
    plan : ResumePlan or None
        Where to go on, instead of beginning.
    invocation : dict or None
        How the run was asked for; kept with it, if it can be resumed by itself.
    footing : callable, optional
        Says of each copy what it stands on.
    fallen_back : callable, optional
        Called when a copy does not go on, before all cells run.
    """

    seconds: float
    budget: int
    plan: ResumePlan | None = None
    invocation: dict[str, JsonValue] | None = field(default_factory=dict)
    footing: Callable[[], dict[str, Any]] | None = None
    fallen_back: Callable[[], None] | None = None
    restored: int = field(default=0, init=False)
    why: str = field(default="", init=False)
    _visitor: _Visitor | None = field(default=None, init=False)
    _borrowed: list[Sleeper] = field(default_factory=list, init=False)

    def prepare(
        self,
        executor: NotebookExecutor,
        notebook: NotebookNode,
        recording: NotebookRecording,
    ) -> NotebookExecutor:
        """Have an executor make copies, and go on from one if the plan says so."""
        run = recording.run
        given = notebook.metadata.get("papermill", {}).get("parameters") or {}
        if self.invocation is not None:
            asked: dict[str, JsonValue] = {"parameters": dict(given), **self.invocation}
            run.observe(INVOCATION, asked)
        if not isinstance(executor, WorkerExecutor):
            why = "nbclient runs the cells: only the worker's process can be copied"
            return self._without(executor, recording, why)
        if not self.seconds:
            why = "switched off by the setting checkpoints"
            return self._without(executor, recording, why)
        keeping = Keeping(run.id, seconds=self.seconds, budget=self.budget)
        self._visitor = _Visitor(run, notebook, keeping, footing=self.footing)
        return replace(
            executor,
            visitor=self._visitor,
            resumption=self._resumption(notebook, recording, self._visitor),
        )

    def _without(
        self, executor: NotebookExecutor, recording: NotebookRecording, why: str
    ) -> NotebookExecutor:
        recording.run.observe(OBSERVATION, {"taken": [], "why": why})
        self._tell(recording, 0, why)
        return executor

    @property
    def has_copies(self) -> bool:
        """Whether the run left any to go on from."""
        return self._visitor is not None and self._visitor.taken > 0

    def finish(self, *, has_failed: bool = False) -> None:
        """Have the copies held for a while, or let them go.

        Parameters
        ----------
        has_failed : bool
            Something did, when the cells had run.
        """
        for sleeper in self._borrowed:
            sleeper.close()
        if self._visitor is not None:
            origins = [self.plan.run] if self.plan else []
            self._visitor.finish(*origins, has_failed=has_failed)

    def _resumption(
        self, notebook: NotebookNode, recording: NotebookRecording, visitor: _Visitor
    ) -> Resumption | None:
        plan = self.plan
        if plan is None:
            return None
        places = executable_cells(notebook)[: plan.position]
        holds = self._holds(plan, notebook, places)
        if isinstance(holds, str):
            self._tell(recording, 0, holds)
            return None
        for at, cell in zip(places, plan.cells, strict=True):
            notebook.cells[at].outputs = nbformat.from_dict(cell.outputs)
            notebook.cells[at].execution_count = cell.record.execution_count
            recording.cell_restored(
                at,
                began=round(cell.record.began.timestamp() * 1e6),
                seconds=cell.record.seconds,
                run=plan.run,
            )
        visitor.takeover = _Takeover(plan, places, holds[1], time.time())
        self._tell(recording, plan.position, "")

        def fall_back(why: str) -> None:
            visitor.start_over()
            recording.start_over()
            if self.fallen_back is not None:
                self.fallen_back()
            self._tell(recording, 0, f"{why}; so all cells were run")

        return Resumption(
            sleeper=holds[0],
            first=executable_cells(notebook)[plan.position],
            fall_back=fall_back,
        )

    def _holds(
        self, plan: ResumePlan, notebook: NotebookNode, places: list[int]
    ) -> tuple[Sleeper, Sleeper] | str:
        """Get hold of the copy, twice: for ourselves, and for the keeper."""
        if plan.checkpoint is None:
            return plan.why
        marks = tuple(mark_of(notebook.cells[at]) for at in places)
        if marks != plan.checkpoint.cells:
            return "the notebook has changed since"
        for _ in range(2):
            if (sleeper := borrow(plan.checkpoint)) is None:
                return "its copy has ended"
            self._borrowed.append(sleeper)
        ours, theirs = self._borrowed
        return ours, theirs

    def _tell(self, recording: NotebookRecording, restored: int, why: str) -> None:
        if self.plan is None:
            return
        self.restored, self.why = restored, why
        told = resumed.Resumed(origin=str(self.plan.run), restored=restored, why=why)
        recording.run.observe(resumed.OBSERVATION, told.to_observation())


@dataclass(frozen=True)
class _Takeover:
    """What goes over to a run that went on from a copy.

    Attributes
    ----------
    places : list of int
        The cells that it restored.
    hold : Sleeper
        The copy.
    began : float
        When the run went on from it, in seconds since 1970.
    """

    plan: ResumePlan
    places: list[int]
    hold: Sleeper
    began: float


class _Visitor(CheckpointVisitor):
    """Takes over what there was, once the copy has shown that it works.

    First what restored cells had logged, then the copy itself: whoever goes on from
    this run finds either both or none.
    """

    takeover: _Takeover | None = None

    def after_cell(self, work: NotebookWork, outcome: CellOutcome) -> None:
        """See the first cell that ran in the copy."""
        self._take_over()
        super().after_cell(work, outcome)

    def start_over(self) -> None:
        """Have all cells log by themselves."""
        self.takeover = None
        super().start_over()

    def _take_over(self) -> None:
        found, self.takeover = self.takeover, None
        if found is None:
            return
        plan = found.plan
        if plan.lines:
            # In a journal by itself: that of the runner is not what cells have logged.
            logged = self._run.joined()
            logged.take_over(plan.lines)
            logged.end(wait=False)
        self.restored(
            found.places,
            sum(cell.record.seconds for cell in plan.cells),
            found.hold,
            plan.checkpoint.footing if plan.checkpoint else None,
            made=found.began,
        )
