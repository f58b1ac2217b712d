"""A notebook's run as its cells end: one event a cell, the notebook kept at the end."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import nbformat

from jupyter_mlops import errors
from jupyter_mlops.capture.knownsecrets import MASK
from jupyter_mlops.capture.outputs import externalise
from jupyter_mlops.pipeline.endings import error_output
from jupyter_mlops.pipeline.execution import is_executable
from jupyter_mlops.pipeline.live_outputs import LiveOutputs
from jupyter_mlops.pipeline.notebook_writer import notebook_text
from jupyter_mlops.pipeline.saved_notebook import masked_notebook
from jupyter_mlops.records import Status
from jupyter_mlops.store.layout import Layout
from jupyter_mlops.tracking.artifacts import record_own_file
from jupyter_mlops.tracking.shownoutputs import ShownOutputs, widget_outputs

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbformat import NotebookNode

    from jupyter_mlops.ids import RunId
    from jupyter_mlops.pipeline.execution import CellOutcome, Progress
    from jupyter_mlops.pipeline.saved_notebook import SavedNotebook
    from jupyter_mlops.records import ErrorRecord
    from jupyter_mlops.store.blobs import Blobs
    from jupyter_mlops.tracking.run import Run

ARTIFACT = "notebook.ipynb"
WIDGETS = "widget_outputs"
"""The observation that tells what Output widgets hold, and which outputs show them."""
_TITLE_LENGTH = 60
_TRACEBACK_LINES = 8
_ANSI = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")


class NotebookRecording:
    """Writes what an executor tells into a run; a `CellWatcher`.

    Parameters
    ----------
    run : Run
        The notebook's run. It is neither begun nor ended here.
    blobs : Blobs
        Where long outputs and the executed notebook are kept.
    name : str
        The notebook's path, for errors and progress.
    progress : Progress, optional
        Who shows how far it is.

    Attributes
    ----------
    failure : NotebookFailedError or None
        Which cell failed, once one has.
    """

    def __init__(
        self, run: Run, blobs: Blobs, name: str, progress: Progress | None = None
    ) -> None:
        self.run = run
        self.name = name
        self.failure: errors.NotebookFailedError | None = None
        self._blobs = blobs
        self._progress = progress
        self._saved: SavedNotebook | None = None
        self._live = LiveOutputs(run, Layout(run.project).journal_folder(run.id))
        self._shown = ShownOutputs(run, blobs.put_bytes)
        self._positions: dict[int, int] = {}
        self._cell: NotebookNode | None = None
        self._source = ""
        self._position = -1
        self._passed = 0
        self._began = 0
        self._clock = 0.0

    @property
    def notebook(self) -> NotebookNode:
        """The notebook as far as it has run."""
        assert self._saved is not None, "the engine has not begun"
        return self._saved.nb

    @property
    def hide(self) -> Callable[[Any], Any] | None:
        """What masks the notebook's secrets in a value; None when it has none."""
        return self.run.masker.known if self.run.masker.knows_any else None

    def begin(self, saved: SavedNotebook) -> None:
        """Take the notebook that is about to run."""
        self._saved = saved
        if self.hide is not None:
            parameters = saved.nb.metadata.get("papermill", {}).get("parameters")
            for name in self.run.masker.known_names:
                if name in (parameters or {}):
                    parameters[name] = MASK
        saved.notebook_start()
        count = sum(1 for cell in self.notebook.cells if is_executable(cell))
        self.run.record("plan", cells=count)
        if self._progress:
            self._progress.notebook_began(self.name, count)

    def cell_began(self, index: int) -> None:
        """Start a cell's clock."""
        assert self._saved is not None, "the engine has not begun"
        cell = self.notebook.cells[index]
        self._saved.pass_over(index - self._passed)
        self._passed = index + 1
        self._position += 1
        self._positions[index] = self._position
        self._saved.cell_start(cell, index)
        self._cell = cell
        self._source = self.run.masker.text(cell.source)
        if self._progress:
            self._progress.cell_began(self._position, cell_title(self._source))
        self._began = time.time_ns() // 1000
        self.run.record(
            "cell",
            n=self._position,
            source=self._source,
            status=str(Status.RUNNING),
            began=self._began,
            seconds=0.0,
            cell_id=cell.get("id"),
        )
        self._live.begin(self._position)
        self._clock = time.perf_counter()

    def cell_ended(self, outcome: CellOutcome) -> None:
        """Record a cell: it is in the journal when this returns."""
        seconds = time.perf_counter() - self._clock
        self._cell = None
        self._live.end()
        assert self._saved is not None, "the engine has not begun"
        cell = self.notebook.cells[outcome.index]
        self.run.record(
            "cell",
            n=self._position,
            source=self._source,
            status=str(outcome.status),
            began=self._began,
            seconds=round(seconds, 6),
            cell_id=cell.get("id"),
            count=cell.execution_count,
            outputs=self._shown.keep(self._position, outcome.outputs) or None,
            error=self.run.masker.value(_error_fields(outcome.error)),
        )
        if outcome.status is Status.FAILED and outcome.error is not None:
            self.failure = self._failure(cell, outcome.error)
        if outcome.status is not Status.FINISHED:
            self._saved.cell_exception(cell, outcome.index)
        self._saved.cell_complete(cell, outcome.index)
        if self._progress:
            self._progress.cell_ended(self._position, outcome.status, seconds)

    def cell_restored(
        self, index: int, *, began: int, seconds: float, run: RunId | None = None
    ) -> None:
        """Record a cell that ran before, for another run; its outputs are there.

        Parameters
        ----------
        began, seconds : int and float
            When it ran, in microseconds, and for how long.
        run : RunId, optional
            The run that ran it; without it this one did, in another way.
        """
        assert self._saved is not None, "the engine has not begun"
        cell = self.notebook.cells[index]
        self._saved.pass_over(index + 1 - self._passed)
        self._passed = index + 1
        self._position += 1
        masker = self.run.masker
        shown = masker.outputs(cell.outputs)
        self.run.record(
            "cell",
            n=self._position,
            source=masker.text(cell.source),
            status=str(Status.FINISHED),
            began=began,
            seconds=seconds,
            cell_id=cell.get("id"),
            count=cell.execution_count,
            outputs=externalise(shown, self._blobs.put_bytes) or None,
            error=masker.value(_error_fields(error_output(cell))),
            restored=run,
        )
        self._saved.save()

    def start_over(self) -> None:
        """Begin anew with the first cell: what is recorded of cells is replaced."""
        self._position, self._passed, self._cell = -1, 0, None
        for cell in self.notebook.cells:
            if is_executable(cell):
                cell.outputs, cell.execution_count = [], None
        if self._progress:
            count = sum(1 for cell in self.notebook.cells if is_executable(cell))
            self._progress.notebook_began(self.name, count)

    def beat(self) -> None:
        """Tell what the cell shows so far, and save the notebook; each if it is due."""
        if self._cell is not None and self._live.is_due:
            self._live.look(self._cell.get("outputs") or [])
        if self._saved is not None:
            self._saved.autosave_cell()

    def finish(self) -> None:
        """Save the executed notebook, and keep it with the run."""
        assert self._saved is not None, "the engine has not begun"
        try:
            self._saved.notebook_complete()
        finally:
            masked = masked_notebook(self.notebook, self.run.masker)
            text = self._saved.text if masked == self.notebook else ""
            data = (text or notebook_text(masked)).encode("utf-8", "surrogatepass")
            record_own_file(self.run, ARTIFACT, data, self._blobs.put_bytes)
            self._record_widgets()
            self._shown.finish()

    def _record_widgets(self) -> None:
        """Record what stands in Output widgets: no cell's outputs hold it."""
        kinds = self.notebook.metadata.get("widgets", {}).values()
        states = {name: item for kind in kinds for name, item in kind["state"].items()}
        cells = [
            (position, self.notebook.cells[index].get("outputs", []))
            for index, position in self._positions.items()
        ]
        told = [
            {"model": model, "cell": cell, "output": at, "outputs": kept}
            for model, cell, at, held in widget_outputs(cells, states)
            for kept in [self._shown.keep(None, held)]
        ]
        if told:
            self.run.observe(WIDGETS, told)

    def hide_secrets(self) -> None:
        """Mask the secrets in the notebook itself, of which nothing runs any more."""
        if self.hide is not None:
            hidden = nbformat.from_dict(self.hide(self.notebook))
            self.notebook.update(hidden)

    def _failure(
        self, cell: NotebookNode, error: ErrorRecord
    ) -> errors.NotebookFailedError:
        known = self.run.masker.known
        error = replace(
            error, value=known(error.value), traceback=known(error.traceback)
        )
        traceback = _ANSI.sub("", error.traceback)
        lines = [line for line in traceback.splitlines() if line.strip()]
        # Where the traceback is shown its last line says name and value.
        shown = "".join(f"\n  {line}" for line in lines[-_TRACEBACK_LINES:])
        shown = shown or f"\n  {error.name}: {error.value}"
        count = f" (In [{cell.execution_count}])" if cell.execution_count else ""
        return errors.NotebookFailedError(
            f"{self.name} failed in cell {self._position}{count}, "
            f"'{cell_title(known(cell.source))}':{shown}\n"
            f"The run is kept: see 'jupyter mlops show {self.run.id}'.",
            position=self._position,
            cell_id=cell.get("id"),
            ename=error.name,
            evalue=error.value,
            traceback=traceback,
            notebook=self.name,
            run_id=self.run.id,
        )


def cell_title(source: str) -> str:
    """Name a cell by its first line of code, else its first line."""
    lines = [line.strip() for line in source.splitlines() if line.strip()]
    code = [line for line in lines if not line.startswith("#")]
    title = (code or lines or [""])[0]
    return title if len(title) <= _TITLE_LENGTH else title[: _TITLE_LENGTH - 1] + "…"


def _error_fields(error: ErrorRecord | None) -> dict[str, Any] | None:
    if error is None:
        return None
    return {"name": error.name, "value": error.value, "traceback": error.traceback}
