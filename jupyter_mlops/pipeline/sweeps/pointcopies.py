"""Copies of a point that went on behind shared cells, held for a while when it fails.

`resume` goes on from them, `attach` opens the last as a kernel.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from jupyter_mlops.pipeline.checkpoints.visitor import CheckpointVisitor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any

    from nbformat import NotebookNode

    from jupyter_mlops.pipeline.checkpoints.keeping import Terms
    from jupyter_mlops.pipeline.execution import CellOutcome
    from jupyter_mlops.pipeline.worker.work import BoundaryVisitor, NotebookWork
    from jupyter_mlops.tracking.run import Run


@contextmanager
def holding_copies(
    run: Run,
    notebook: NotebookNode,
    terms: Terms,
    *,
    footing: Callable[[], dict[str, Any]],
    ran: Iterable[int],
    without: int,
) -> Iterator[BoundaryVisitor | None]:
    """Give a visitor that has copies held; None where none are to be held.

    Parameters
    ----------
    footing : callable
        Says what a copy stands on.
    ran : iterable of int
        Cells that the process has run before.
    without : int
        Where a cell runs that is not the notebook's own.
    """
    if not terms.seconds:
        yield None
        return
    keeping = terms.keeping(run.id)
    visitor = CheckpointVisitor(
        run, notebook, keeping, footing=footing, done=sorted(ran)
    )
    try:
        yield _Without(visitor, without)
    finally:
        visitor.finish()


class _Without:
    """Tells a visitor of all cells but one; a `BoundaryVisitor`."""

    def __init__(self, visitor: BoundaryVisitor, without: int) -> None:
        self._visitor = visitor
        self._without = without

    def before_cell(self, work: NotebookWork, index: int) -> None:
        if index > self._without:
            self._visitor.before_cell(work, index - 1)

    def after_cell(self, work: NotebookWork, outcome: CellOutcome) -> None:
        if outcome.index > self._without:
            own = replace(outcome, index=outcome.index - 1)
            self._visitor.after_cell(work, own)
