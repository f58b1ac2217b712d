"""The process that runs what all points share: it is copied where that ends."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from jupyter_mlops.pipeline.checkpoints.checkpointing import Checkpointing
from jupyter_mlops.pipeline.checkpoints.marks import executable_cells
from jupyter_mlops.pipeline.engine import kernel_variables
from jupyter_mlops.pipeline.execution import is_executable
from jupyter_mlops.pipeline.recording import NotebookRecording
from jupyter_mlops.pipeline.worker.executor import WorkerExecutor
from jupyter_mlops.pipeline.worker.forkability import NotForkableError
from jupyter_mlops.pipeline.worker.work import NotebookWork, WorkerUnavailableError

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from jupyter_mlops.pipeline.checkpoints.plan import ResumePlan
    from jupyter_mlops.pipeline.execution import CellOutcome, CellWatcher
    from jupyter_mlops.pipeline.sweeps.whole import SweepRoom
    from jupyter_mlops.pipeline.worker.sleeper import Sleeper
    from jupyter_mlops.pipeline.worker.work import BoundaryVisitor
    from jupyter_mlops.tracking.run import Run

_WORTH_SECONDS = 1.0
"""Work after which a copy is made on the way, in case none can be made at the end."""


@dataclass(frozen=True)
class RanCell:
    """One cell that ran for all points.

    Attributes
    ----------
    began, seconds : int and float
        When, in microseconds, and for how long.
    """

    node: NotebookNode
    began: int
    seconds: float


class SharedWork:
    """Runs shared cells, and takes the copy; executor, watcher and visitor in one.

    Parameters
    ----------
    goes_on : ResumePlan, optional
        Where to go on, as an earlier sweep has left it there.
    """

    def __init__(
        self,
        room: SweepRoom,
        run: Run,
        worker: WorkerExecutor,
        goes_on: ResumePlan | None = None,
    ) -> None:
        self.sleeper: Sleeper | None = None
        self.stop = 0
        self.why_not = ""
        self.cells: dict[int, RanCell] = {}
        self._room = room
        self._run = run
        self._worker = worker
        self._watcher: CellWatcher | None = None
        self._copies = Checkpointing(
            seconds=room.terms.seconds,
            budget=room.terms.budget,
            plan=goes_on,
            invocation=None,
            footing=lambda: room.footing,
            fallen_back=self._start_over,
        )
        self._visitor: BoundaryVisitor | None = None
        self._began = 0
        self._clock = 0.0
        self._last = -1
        self._since = 0.0

    def execute(self, notebook: NotebookNode, watcher: CellWatcher) -> None:
        """Run the cells; a `NotebookExecutor`."""
        assert isinstance(watcher, NotebookRecording), "the engine hands it in"
        self._watcher = watcher
        self._notebook = notebook
        self._last = max(i for i, c in enumerate(notebook.cells) if is_executable(c))
        variables = kernel_variables(self._run, self._room.plan.source.path)
        environ = {**(self._worker.environ or {}), **variables}
        worker = replace(self._worker, environ=environ, otherwise=None)
        try:
            found = self._copies.prepare(worker, notebook, watcher)
            assert isinstance(found, WorkerExecutor), "as it was"
            self._visitor = found.visitor
            self._take_restored()
            replace(found, visitor=self).execute(notebook, self)
        except WorkerUnavailableError as error:
            self.why_not = f"no worker could be had: {error}"
        finally:
            self._copies.finish()

    @property
    def restored(self) -> list[int]:
        """The cells that an earlier run had run."""
        return sorted(self.cells)[: self._copies.restored]

    def close(self) -> None:
        """Let go of a copy."""
        if self.sleeper is not None:
            self.sleeper.close()

    @property
    def why_all(self) -> str:
        """Why all cells ran, where some should not have."""
        return self._copies.why

    def _take_restored(self) -> None:
        goes_on = self._copies.plan
        if goes_on is None or not self._copies.restored:
            return
        places = executable_cells(self._notebook)
        for at, cell in zip(places, goes_on.cells, strict=False):
            began = round(cell.record.began.timestamp() * 1e6)
            node = self._notebook.cells[at]
            self.cells[at] = RanCell(node, began, cell.record.seconds)

    def _start_over(self) -> None:
        self.cells.clear()

    # --- as a watcher -------------------------------------------------------------

    def cell_began(self, index: int) -> None:
        """Pass it on, and start the cell's clock."""
        assert self._watcher is not None, "it is there before any cell runs"
        self._watcher.cell_began(index)
        self._began, self._clock = time.time_ns() // 1000, time.perf_counter()

    def cell_ended(self, outcome: CellOutcome) -> None:
        """Pass it on, and keep what the cell came to."""
        assert self._watcher is not None, "it is there before any cell runs"
        seconds = round(time.perf_counter() - self._clock, 6)
        self._watcher.cell_ended(outcome)
        node = self._notebook.cells[outcome.index]
        self.cells[outcome.index] = RanCell(node, self._began, seconds)
        self._since += seconds

    def beat(self) -> None:
        """Pass it on."""
        assert self._watcher is not None, "it is there before any cell runs"
        self._watcher.beat()

    # --- as a visitor -------------------------------------------------------------

    def before_cell(self, work: NotebookWork, index: int) -> None:
        """Let a copy be made, to go on from if a later cell fails."""
        if self._visitor is not None:
            self._visitor.before_cell(work, index)

    def after_cell(self, work: NotebookWork, outcome: CellOutcome) -> None:
        """Take a copy at the end, and on the way when much would be lost."""
        if self._visitor is not None:
            self._visitor.after_cell(work, outcome)
        if outcome.stops or outcome.status != "finished":
            self.why_not = "a cell ends the notebook"
            return
        is_last = outcome.index == self._last
        if not is_last and self._since < _WORTH_SECONDS:
            return
        try:
            sleeper = work.copy()
        except NotForkableError as error:
            self.why_not = str(error)
            return
        self.close()
        self.sleeper, self.stop = sleeper, outcome.index + 1
        self._since = 0.0
