"""Running a notebook's cells in a process forked from a warm one."""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_mlops.pipeline.apart import run_apart
from jupyter_mlops.pipeline.execution import is_executable
from jupyter_mlops.pipeline.worker.libraries import libraries_of
from jupyter_mlops.pipeline.worker.line import Wish
from jupyter_mlops.pipeline.worker.work import NotebookWork, WorkerUnavailableError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nbformat import NotebookNode

    from jupyter_mlops.pipeline.execution import CellWatcher, NotebookExecutor

_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class WorkerExecutor:
    """Runs notebooks in processes forked from a warm one.

    Attributes
    ----------
    environ : mapping or None
        The notebook's environment; None: ours.
    cwd : Path or None
        The notebook's working directory; None: ours.
    options : dict
        Traits of nbclient's client: ``timeout``, ``startup_timeout``, ….
    otherwise : NotebookExecutor or None
        Takes the notebook when no process can be had for it here.
    idle_seconds : float
        How long a parent that is started waits for another notebook.
    """

    environ: Mapping[str, str] | None = None
    cwd: Path | None = None
    options: dict[str, Any] = field(default_factory=dict)
    otherwise: NotebookExecutor | None = None
    idle_seconds: float = 600.0

    def execute(self, notebook: NotebookNode, watcher: CellWatcher) -> None:
        """Run the cells; see `NotebookExecutor`."""
        folder = (self.cwd or Path.cwd()).absolute()
        wish = Wish(
            environ=os.environ if self.environ is None else self.environ,
            folder=str(folder),
            libraries=libraries_of(
                (cell.source for cell in notebook.cells if is_executable(cell)), folder
            ),
            idle_seconds=self.idle_seconds,
        )
        work = NotebookWork(notebook, watcher, wish, self.options)
        try:
            run_apart(work.run, work.cancel)
        except WorkerUnavailableError as error:
            if self.otherwise is None:
                raise
            _log.warning("No worker could be had (%s): a kernel runs the cells.", error)
            self.otherwise.execute(notebook, watcher)
