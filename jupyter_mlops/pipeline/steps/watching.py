"""An executor around another one: a cell of ours before and behind the notebook's own.

They let the kernel itself say what it read, wrote and imported; the record knows
nothing of them, nor do execution counts.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import nbformat

from jupyter_mlops import errors
from jupyter_mlops.pipeline.execution import is_executable
from jupyter_mlops.pipeline.steps.boundaries import behind_first
from jupyter_mlops.records import Status

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from jupyter_mlops.pipeline.execution import (
        CellOutcome,
        CellWatcher,
        NotebookExecutor,
    )

_ROOM = "jupyter_mlops.pipeline.steps.inside"
_BEGIN = """try:
    __import__({room!r}, fromlist=["begin"]).begin({told!r})
except ImportError:
    pass"""
_END = """try:
    __import__({room!r}, fromlist=["end"]).end({told!r})
except ImportError:
    pass"""


@dataclass
class Watched:
    """Runs cells through `inner`, told apart by what it is told.

    Attributes
    ----------
    project, target : str
        What files are the user's, and where the kernel writes what it saw.
    modules : list of str
        The top-level names that the notebook imports.
    local : list of str
        Files of local modules that it imports, or may.
    outputs, written : list of str
        The places that the step declares to write, and those of all steps.
    has_failed : bool
        Whether a cell did, once it has run.
    is_whole : bool
        Whether all cells ran: none ended the kernel early.
    """

    inner: NotebookExecutor
    project: str
    target: str
    modules: list[str]
    local: list[str] = field(default_factory=list)
    outputs: list[str] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    has_failed: bool = False
    is_whole: bool = False

    def execute(self, notebook: NotebookNode, watcher: CellWatcher) -> None:
        """Run the cells; see `NotebookExecutor`."""
        told: dict[str, Any] = {
            "project": self.project,
            "modules": self.modules,
            "local": self.local,
            "outputs": self.outputs,
            "written": self.written,
        }
        begin = _BEGIN.format(room=_ROOM, told=json.dumps(told))
        told = {"target": self.target, "modules": self.modules}
        end = _END.format(room=_ROOM, told=json.dumps(told))
        around = nbformat.NotebookNode(notebook)
        around.cells = [
            nbformat.v4.new_code_cell(begin),
            # The very same cells: their outputs are the notebook's.
            *notebook.cells,
            nbformat.v4.new_code_cell(end),
        ]
        inner = behind_first(self.inner, len(notebook.cells))
        inner.execute(around, _Shifted(self, notebook, watcher))


class _Shifted:
    """Tells a watcher of the notebook's own cells only."""

    def __init__(
        self, watched: Watched, notebook: NotebookNode, watcher: CellWatcher
    ) -> None:
        self._watched = watched
        self._notebook = notebook
        self._watcher = watcher

    def cell_began(self, index: int) -> None:
        if self._is_own(index):
            self._watcher.cell_began(index - 1)

    def cell_ended(self, outcome: CellOutcome) -> None:
        if self._is_own(outcome.index):
            self._watched.has_failed |= outcome.status is Status.FAILED
            self._watcher.cell_ended(replace(outcome, index=outcome.index - 1))
        elif outcome.status is Status.FAILED:
            self._blame(outcome)
        elif outcome.index and outcome.status is Status.FINISHED:
            self._watched.is_whole = True

    def beat(self) -> None:
        self._watcher.beat()

    def _is_own(self, index: int) -> bool:
        return 0 < index <= len(self._notebook.cells)

    def _blame(self, outcome: CellOutcome) -> None:
        """Tell of a kernel that died before, or behind, the notebook's cells."""
        self._watched.has_failed = True
        cells = [i for i, c in enumerate(self._notebook.cells) if is_executable(c)]
        if outcome.index or not cells:
            error = outcome.error
            raise errors.NotebookError(
                f"The kernel failed when the notebook's cells had ended: "
                f"{error.name if error else 'unknown'}: {error.value if error else ''}."
            )
        self._watcher.cell_began(cells[0])
        self._watcher.cell_ended(replace(outcome, index=cells[0]))
