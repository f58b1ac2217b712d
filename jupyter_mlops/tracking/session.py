"""The cells of one kernel session, in the order they ran, and recipes cut from them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from jupyter_mlops.capture.dataflow.watch import CellWatch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_mlops.capture.dataflow.cells import Evidence, ExecutedCell
    from jupyter_mlops.capture.dataflow.history import History
    from jupyter_mlops.capture.recipe import Recipe


_BACKLOG = 100
"""Cells that may wait for their analysis: some 40 ms of work for the first recipe."""
_DOSE = 2


class RanCell(NamedTuple):
    """One execution of one cell, tracked or not.

    Attributes
    ----------
    source, python : str
        As the user wrote it, and as Python ran it.
    failed : bool or None
        It raised; None: nobody knows.
    evidence : Evidence or None
        What was seen of it.
    ended : float
        When, in seconds since 1970.
    """

    source: str
    python: str
    cell_id: str | None = None
    execution_count: int | None = None
    failed: bool | None = False
    evidence: Evidence | None = None
    ended: float = 0.0


class KernelSession:
    """Notes every cell that runs; analyses them when a recipe is asked for.

    Noting costs little, so that cells which are not tracked stay as quick as they were.
    Only in a long session without a recipe are cells analysed a few at a time, or the
    first recipe would have to wait for all of them.

    Parameters
    ----------
    namespace : dict
        The user's names, watched for what cells do to them.
    before : list of RanCell, optional
        The cells that ran already.
    """

    def __init__(
        self, namespace: dict[str, Any], before: list[RanCell] | None = None
    ) -> None:
        self._cells = list(before or ())
        self._watch = CellWatch(namespace)
        self._history: History | None = None

    @property
    def cells(self) -> Sequence[RanCell]:
        """All that ran, in order."""
        return self._cells

    def begin(self) -> None:
        """Note that a cell is about to run."""
        self._watch.begin()

    def end(self) -> Evidence | None:
        """Say what was seen of the cell that began last and has now ended.

        None when it began before the session did: it is the one that made it.
        """
        return self._watch.end()

    def add(self, cell: RanCell) -> None:
        """Note a cell that has run."""
        # The cell that loads the extension is in the shell's history when we read it,
        # but not yet with how it ended.
        if self._cells and _is_same(self._cells[-1], cell):
            self._cells.pop()
        self._cells.append(cell)
        analysed = 0 if self._history is None else len(self._history)
        if len(self._cells) - analysed > _BACKLOG:
            self._analysed(analysed + _DOSE)

    def recipe(self, wanted: set[str]) -> Recipe:
        """Cut the recipe of the cell that ran last.

        Parameters
        ----------
        wanted : set of str
            Names whose objects are kept, besides what the cell itself uses.
        """
        count = len(self._cells)
        return self._analysed(count).recipe(count - 1, wanted=wanted)

    def _analysed(self, count: int) -> History:
        """Return the history, with at least the first `count` cells in it."""
        from jupyter_mlops.capture.dataflow.history import History

        if self._history is None:
            self._history = History()
        history = self._history
        for index in range(len(history), count):
            history.append(_executed(index, self._cells[index]))
        return history


def _executed(index: int, ran: RanCell) -> ExecutedCell:
    from jupyter_mlops.capture.dataflow.cells import ExecutedCell

    return ExecutedCell(
        index=index,
        source=ran.source,
        python=ran.python,
        cell_id=ran.cell_id,
        execution_count=ran.execution_count,
        failed=ran.failed,
        evidence=ran.evidence,
    )


def _is_same(one: RanCell, other: RanCell) -> bool:
    count = one.execution_count
    return (
        count is not None
        and count == other.execution_count
        and one.source == other.source
    )
