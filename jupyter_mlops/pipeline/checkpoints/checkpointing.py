"""One notebook's run with copies: those it leaves, and the one that it goes on from."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import nbformat

from jupyter_mlops.pipeline.checkpoints.keeping import Keeping, borrow
from jupyter_mlops.pipeline.checkpoints.marks import executable_cells, mark_of
from jupyter_mlops.pipeline.checkpoints.visitor import OBSERVATION, CheckpointVisitor
from jupyter_mlops.pipeline.worker.executor import WorkerExecutor
from jupyter_mlops.pipeline.worker.resumption import Resumption

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from jupyter_mlops.pipeline.checkpoints.plan import ResumePlan
    from jupyter_mlops.pipeline.execution import CellOutcome, NotebookExecutor
    from jupyter_mlops.pipeline.recording import NotebookRecording
    from jupyter_mlops.pipeline.worker.sleeper import Sleeper
    from jupyter_mlops.pipeline.worker.work import NotebookWork
    from jupyter_mlops.records import JsonValue

RESUMED = "resumed"
"""Says of a run which one it went on from, how many cells it restored, and why none."""
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
    invocation : dict
        How the run was asked for; kept with it.
    """

    seconds: float
    budget: int
    plan: ResumePlan | None = None
    invocation: dict[str, JsonValue] = field(default_factory=dict)
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
        asked: dict[str, JsonValue] = {"parameters": dict(given), **self.invocation}
        run.observe(INVOCATION, asked)
        if not isinstance(executor, WorkerExecutor):
            why = "nbclient runs the cells: only the worker's process can be copied"
            return self._without(executor, recording, why)
        if not self.seconds:
            why = "switched off by the setting checkpoints"
            return self._without(executor, recording, why)
        keeping = Keeping(run.id, seconds=self.seconds, budget=self.budget)
        self._visitor = _Visitor(run, notebook, keeping)
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

    def finish(self) -> None:
        """Have the copies held for a while, or let them go."""
        for sleeper in self._borrowed:
            sleeper.close()
        if self._visitor is not None:
            self._visitor.finish(*([self.plan.run] if self.plan else []))

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
        visitor.restored(places, sum(c.record.seconds for c in plan.cells), holds[1])
        visitor.lines = plan.lines
        self._tell(recording, plan.position, "")

        def fall_back(why: str) -> None:
            visitor.start_over()
            recording.start_over()
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
        told: dict[str, Any] = {"from": str(self.plan.run), "restored": restored}
        recording.run.observe(RESUMED, told | ({"why": why} if why else {}))


class _Visitor(CheckpointVisitor):
    """Takes over what restored cells had logged, once the copy has shown that it works.

    Attributes
    ----------
    lines : bytes
        Lines of journals.
    """

    lines = b""

    def after_cell(self, work: NotebookWork, outcome: CellOutcome) -> None:
        """See the first cell that ran in the copy."""
        self._take_over()
        super().after_cell(work, outcome)

    def start_over(self) -> None:
        """Have all cells log by themselves."""
        self.lines = b""
        super().start_over()

    def _take_over(self) -> None:
        lines, self.lines = self.lines, b""
        self._run.take_over(lines)
