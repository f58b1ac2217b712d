"""Makes the copies while a notebook runs, and keeps account of them in its run."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from jupyter_mlops.pipeline.checkpoints import memory
from jupyter_mlops.pipeline.checkpoints.checkpoint import BEFORE, FAILED, Checkpoint
from jupyter_mlops.pipeline.checkpoints.keeping import KeeperUnreachableError
from jupyter_mlops.pipeline.checkpoints.marks import executable_cells, mark_of
from jupyter_mlops.pipeline.checkpoints.policy import Policy, expected_seconds
from jupyter_mlops.pipeline.worker.forkability import NotForkableError
from jupyter_mlops.records import Status

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from nbformat import NotebookNode

    from jupyter_mlops.pipeline.checkpoints.keeping import Keeping
    from jupyter_mlops.pipeline.execution import CellOutcome
    from jupyter_mlops.pipeline.worker.sleeper import Sleeper
    from jupyter_mlops.pipeline.worker.work import NotebookWork
    from jupyter_mlops.tracking.run import Run

OBSERVATION = "checkpoints"
"""Says of a run which copies were made, and why others were not."""
_MOST_SAID = 20


class CheckpointVisitor:
    """Visits the boundaries of one notebook that runs; a `BoundaryVisitor`.

    Parameters
    ----------
    run : Run
        Whose record says what was made.
    notebook : NotebookNode
        Whose cells run.
    keeping : Keeping
        Takes the copies.
    policy : Policy, optional
        Says which are worth making.
    footing : callable, optional
        Says of each what it stands on.
    done : sequence of int
        Cells that the process has run before.
    """

    def __init__(  # noqa: PLR0917 - one call in each place
        self,
        run: Run,
        notebook: NotebookNode,
        keeping: Keeping,
        policy: Policy | None = None,
        footing: Callable[[], dict[str, Any]] | None = None,
        done: Sequence[int] = (),
    ) -> None:
        self._run = run
        self._notebook = notebook
        self._keeping = keeping
        self._policy = policy or Policy()
        self._footing = footing
        self._done = list(done)
        self._marks: list[str] = []
        self._taken: list[dict[str, Any]] = []
        self._refused: list[dict[str, Any]] = []
        self._last: Checkpoint | None = None
        self._worked = self._saved = self._spent = 0.0
        self._began = self._clock = time.perf_counter()
        self._has_failed = False

    def restored(
        self,
        cells: list[int],
        seconds: float,
        hold: Sleeper,
        footing: dict[str, Any] | None = None,
        *,
        made: float,
    ) -> None:
        """Begin after cells that a copy has run, which goes to this run, too."""
        self._done = list(cells)
        self._worked = self._saved = seconds
        try:
            self._give(hold, BEFORE, footing, made)
        except KeeperUnreachableError as error:
            self._refused.append({"at": len(self._done), "why": str(error)})
            self._say()

    def start_over(self) -> None:
        """Begin anew: nothing of the cells so far counts."""
        self._keeping.release()
        self._done, self._marks, self._last = [], [], None
        self._worked = self._saved = 0.0
        self._began = time.perf_counter()

    def before_cell(self, work: NotebookWork, index: int) -> None:  # noqa: ARG002 - the protocol's
        """Make a copy if it is worth it."""
        since = self._worked - self._saved
        if since >= self._policy.least:
            now = time.perf_counter()
            expected = expected_seconds(memory.resident_bytes(work.process), self._last)
            if self._policy.wants(
                elapsed=now - self._began,
                spent=self._spent,
                since=since,
                expected=expected,
            ):
                self._copy(work, BEFORE)
        self._clock = time.perf_counter()

    def after_cell(self, work: NotebookWork, outcome: CellOutcome) -> None:
        """Count the cell; make a copy of the state that it failed in."""
        self._worked += time.perf_counter() - self._clock
        if outcome.status is Status.FINISHED:
            self._done.append(outcome.index)
        elif outcome.status is Status.FAILED:
            self._has_failed = True
            if work.is_alive:
                self._copy(work, FAILED)

    @property
    def taken(self) -> int:
        """How many copies were made, or taken over."""
        return len(self._taken)

    def finish(self, *origins: str, has_failed: bool = False) -> None:
        """Have the copies held for a while; let go of them if all went well.

        So with those of the runs that this one went on from.

        Parameters
        ----------
        has_failed : bool
            Something did, when the cells had run.
        """
        cells = executable_cells(self._notebook)
        has_failed |= self._has_failed
        if len(self._done) == len(cells) and not has_failed:
            self._keeping.release(*origins)
        self._keeping.close()

    def _copy(self, work: NotebookWork, kind: str) -> None:
        began = time.perf_counter()
        try:
            # Looked at first: what changes meanwhile is seen to have changed.
            footing = self._footing() if self._footing else None
            self._give(work.copy(), kind, footing, time.time())
        except (NotForkableError, KeeperUnreachableError) as error:
            self._refused.append({"at": len(self._done), "why": str(error)})
        self._spent += time.perf_counter() - began
        # Also after a refusal: whatever refused is there at the next boundary, too.
        self._saved = self._worked
        self._say()

    def _give(
        self, sleeper: Sleeper, kind: str, footing: dict[str, Any] | None, made: float
    ) -> None:
        cells = self._notebook.cells
        self._marks += [mark_of(cells[at]) for at in self._done[len(self._marks) :]]
        checkpoint = Checkpoint(
            run=self._run.id,
            kind=kind,
            cells=tuple(self._marks),
            saved=self._worked,
            made=made,
            process=sleeper.process,
            seconds=sleeper.seconds,
            footing=footing,
        )
        self._keeping.keep(sleeper, checkpoint)
        self._last = checkpoint
        self._taken.append(
            {
                "at": checkpoint.position,
                "kind": kind,
                "seconds": round(sleeper.seconds, 4),
                "saves": round(self._worked, 3),
            }
        )

    def _say(self) -> None:
        self._run.observe(
            OBSERVATION,
            {
                "taken": self._taken[-_MOST_SAID:],
                "refused": self._refused[-_MOST_SAID:],
                "seconds": round(self._spent, 4),
            },
        )
