"""The seam between recording a notebook and whatever runs its cells.

An executor runs the cells in order and tells a watcher; it records and saves nothing.
`nbclient_executor` is the one for any Jupyter kernel.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from jupyter_mlops.records import Status

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from jupyter_mlops.records import ErrorRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class CellOutcome:
    """How one cell ended.

    Attributes
    ----------
    index : int
        Which of the notebook's cells, markdown counted.
    outputs : list of dict
        nbformat outputs.
    status : Status
        ``finished``, ``failed`` or ``cancelled``.
    error : ErrorRecord or None
        Also of a cell that may raise (tag ``raises-exception``) and so did finish.
    stops : bool
        No cell after this one is run.
    """

    index: int
    outputs: list[dict[str, Any]] = field(default_factory=list)
    status: Status = Status.FINISHED
    error: ErrorRecord | None = None
    stops: bool = False


class CellWatcher(Protocol):
    """What an executor tells while it works; calls come from one thread at a time."""

    def cell_began(self, index: int) -> None:
        """Note that a code cell is about to run."""

    def cell_ended(self, outcome: CellOutcome) -> None:
        """Note that it ended; ``notebook.cells[index]`` holds its outputs, too."""

    def beat(self) -> None:
        """Note that time passes: about twice a second, or more often.

        The notebook's cell that runs holds its outputs so far.
        """


class NotebookExecutor(Protocol):
    """Something that runs the cells of a notebook."""

    def execute(self, notebook: NotebookNode, watcher: CellWatcher) -> None:
        """Run the cells until the last, or one that stops the notebook.

        Nothing that it started is alive when it returns, also when interrupted: then
        the running cell ends as ``cancelled``, and it raises KeyboardInterrupt.

        Raises
        ------
        NotebookError
            When cells cannot be run at all. A failing cell is no error here.
        """


class TellEngine(Protocol):
    """Takes note of what runs a notebook's cells."""

    def __call__(self, engine: str, why: str = "") -> None:
        """Note the engine, and why it is not the one that was asked for."""


def is_executable(cell: NotebookNode) -> bool:
    """Tell whether a cell has code to run."""
    return (
        cell.cell_type == "code"
        and bool(cell.source.strip())
        and "skip-execution" not in cell.metadata.get("tags", [])
    )


class Progress(Protocol):
    """Whoever shows how far a notebook is."""

    def notebook_began(self, name: str, cells: int) -> None:
        """Show a notebook with this many cells to run."""

    def cell_began(self, position: int, title: str) -> None:
        """Show that the cell at `position` (from 0) runs; `title` is its first line."""

    def cell_ended(self, position: int, status: Status, seconds: float) -> None:
        """Show that it ended."""
