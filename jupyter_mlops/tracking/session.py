"""The cells of one kernel session, in the order they ran, and recipes cut from them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from jupyter_mlops.capture.dataflow.history import History
    from jupyter_mlops.capture.recipe import Recipe


class RanCell(NamedTuple):
    """One execution of one cell, tracked or not.

    Attributes
    ----------
    source, python : str
        As the user wrote it, and as Python ran it.
    """

    source: str
    python: str
    cell_id: str | None = None
    execution_count: int | None = None
    failed: bool = False


class KernelSession:
    """Notes every cell that runs; analyses them when a recipe is first asked for.

    Noting costs nothing worth measuring, so that cells which are not tracked stay as
    quick as they were.
    """

    def __init__(self, before: list[RanCell] | None = None) -> None:
        self._cells = list(before or ())
        self._history: History | None = None

    def add(self, cell: RanCell) -> None:
        """Note a cell that has run."""
        # The cell that loads the extension is in the shell's history when we read it,
        # but not yet with how it ended.
        if self._cells and _is_same(self._cells[-1], cell):
            self._cells.pop()
        self._cells.append(cell)

    def recipe(self, wanted: set[str]) -> Recipe:
        """Cut the recipe of the cell that ran last.

        Parameters
        ----------
        wanted : set of str
            Names whose objects are kept, besides what the cell itself uses.
        """
        from jupyter_mlops.capture.dataflow.cells import ExecutedCell
        from jupyter_mlops.capture.dataflow.history import History

        if self._history is None:
            self._history = History()
        history = self._history
        for index in range(len(history), len(self._cells)):
            ran = self._cells[index]
            history.append(
                ExecutedCell(
                    index=index,
                    source=ran.source,
                    python=ran.python,
                    cell_id=ran.cell_id,
                    execution_count=ran.execution_count,
                    failed=ran.failed,
                )
            )
        return history.recipe(len(self._cells) - 1, wanted=wanted)


def _is_same(one: RanCell, other: RanCell) -> bool:
    count = one.execution_count
    return (
        count is not None
        and count == other.execution_count
        and one.source == other.source
    )
