"""Boundaries between the notebook's own cells, where a cell of ours comes first."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from jupyter_mlops.pipeline.worker.executor import WorkerExecutor

if TYPE_CHECKING:
    from jupyter_mlops.pipeline.execution import CellOutcome, NotebookExecutor
    from jupyter_mlops.pipeline.worker.work import BoundaryVisitor, NotebookWork


def behind_first(inner: NotebookExecutor, count: int) -> NotebookExecutor:
    """Have an executor's visitor and copy count the notebook's own cells.

    Parameters
    ----------
    count : int
        How many those are; one cell of ours comes before them, one after.
    """
    if not isinstance(inner, WorkerExecutor):
        return inner
    visitor, resumption = inner.visitor, inner.resumption
    return replace(
        inner,
        visitor=visitor and _OwnBoundaries(visitor, count),
        resumption=resumption and replace(resumption, first=resumption.first + 1),
    )


class _OwnBoundaries:
    """Tells a visitor of the notebook's own cells only; a `BoundaryVisitor`."""

    def __init__(self, visitor: BoundaryVisitor, count: int) -> None:
        self._visitor = visitor
        self._count = count

    def before_cell(self, work: NotebookWork, index: int) -> None:
        if self._is_own(index):
            self._visitor.before_cell(work, index - 1)

    def after_cell(self, work: NotebookWork, outcome: CellOutcome) -> None:
        if self._is_own(outcome.index):
            own = replace(outcome, index=outcome.index - 1)
            self._visitor.after_cell(work, own)

    def _is_own(self, index: int) -> bool:
        return 0 < index <= self._count
