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
from jupyter_mlops.pipeline.worker.resumption import (
    START_SECONDS,
    CopyHangsError,
    Watchdog,
)
from jupyter_mlops.pipeline.worker.work import NotebookWork, WorkerUnavailableError
from jupyter_mlops.settings import PREFIX

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nbformat import NotebookNode

    from jupyter_mlops.pipeline.execution import (
        CellWatcher,
        NotebookExecutor,
        TellEngine,
    )
    from jupyter_mlops.pipeline.worker.resumption import Resumption
    from jupyter_mlops.pipeline.worker.work import BoundaryVisitor

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
    tell : TellEngine or None
        Told which of the two ran the cells, and why `otherwise` did.
    threads : mapping
        Further variables that bound threads; see `limits.threads`.
    memory : int
        Bytes that the notebook's processes may take; 0: all there are.
    visitor : BoundaryVisitor or None
        Called between cells, where the process can be copied.
    resumption : Resumption or None
        The copy to go on from, in place of a process that begins.
    """

    environ: Mapping[str, str] | None = None
    cwd: Path | None = None
    options: dict[str, Any] = field(default_factory=dict)
    otherwise: NotebookExecutor | None = None
    idle_seconds: float = 600.0
    tell: TellEngine | None = None
    threads: Mapping[str, str] = field(default_factory=dict)
    memory: int = 0
    visitor: BoundaryVisitor | None = None
    resumption: Resumption | None = None

    def execute(self, notebook: NotebookNode, watcher: CellWatcher) -> None:
        """Run the cells; see `NotebookExecutor`."""
        if self.tell is not None:
            self.tell("worker")
        if self.resumption is not None and self._go_on(
            self.resumption, notebook, watcher
        ):
            return
        wish = self.wish(notebook)
        work = NotebookWork(notebook, watcher, wish, self.options, visitor=self.visitor)
        try:
            run_apart(work.run, work.cancel)
        except WorkerUnavailableError as error:
            if self.otherwise is None:
                raise
            _log.warning("No worker could be had (%s): a kernel runs the cells.", error)
            if self.tell is not None:
                self.tell("nbclient", f"no worker could be had: {error}")
            self.otherwise.execute(notebook, watcher)

    def _go_on(
        self, resumption: Resumption, notebook: NotebookNode, watcher: CellWatcher
    ) -> bool:
        """Run the rest of the cells in a copy; tell whether that worked."""
        around = os.environ if self.environ is None else self.environ
        # What a notebook is told of its run; the rest is as its cells left it.
        told = {name: item for name, item in around.items() if name.startswith(PREFIX)}
        work = NotebookWork(
            notebook,
            watcher,
            resumption.sleeper.waking(told, memory=self.memory),
            {**self.options, "startup_timeout": START_SECONDS},
            first=resumption.first,
            visitor=self.visitor,
            watchdog=Watchdog(),
        )
        try:
            run_apart(work.run, work.cancel)
        except (WorkerUnavailableError, CopyHangsError) as error:
            resumption.fall_back(str(error))
            return False
        return True

    def wish(self, notebook: NotebookNode) -> Wish:
        """Say what process the notebook is to have."""
        folder = (self.cwd or Path.cwd()).absolute()
        return Wish(
            environ=os.environ if self.environ is None else self.environ,
            folder=str(folder),
            libraries=libraries_of(
                (cell.source for cell in notebook.cells if is_executable(cell)), folder
            ),
            idle_seconds=self.idle_seconds,
            threads=self.threads,
            memory=self.memory,
        )
