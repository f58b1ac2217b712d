"""Joins a shell to the recording of its tracked cells."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from jupyter_mlops.capture.notebook import experiment_of, notebook_path
from jupyter_mlops.errors import MlopsError
from jupyter_mlops.magics.frontend import has_front_end
from jupyter_mlops.magics.options import read_options
from jupyter_mlops.magics.tee import OutputTee
from jupyter_mlops.magics.unflushed import unflushed
from jupyter_mlops.magics.warning import warn
from jupyter_mlops.records import Kind
from jupyter_mlops.tracking.bests import Bests
from jupyter_mlops.tracking.cellrecords import (
    CellOutcome,
    CellSource,
    CellSummary,
    TrackOptions,
)
from jupyter_mlops.tracking.cells import TrackedCell
from jupyter_mlops.widgets.card import Card
from jupyter_mlops.workspace import Workspace, default_experiment, locate

if TYPE_CHECKING:
    from IPython.core.interactiveshell import (
        ExecutionInfo,
        ExecutionResult,
        InteractiveShell,
    )

    from jupyter_mlops.tracking.run import Run
    from jupyter_mlops.tracking.session import KernelSession
    from jupyter_mlops.widgets.livecurve import LiveCurve


@dataclass(frozen=True)
class RecordedCell:
    """A tracked cell that runs now, with what watches it."""

    cell: TrackedCell
    tee: OutputTee
    place: Place
    live: LiveCurve | None = None

    @property
    def run(self) -> Run:
        """The cell's run."""
        return self.cell.run


@dataclass(frozen=True)
class Place:
    """A workspace that cells of this shell are recorded into."""

    workspace: Workspace
    bests: Bests


class ShellRecorder:
    """Records the tracked cells of one shell."""

    def __init__(self, shell: InteractiveShell) -> None:
        self._shell = shell
        self._places: dict[str, Place] = {}

    def place(self) -> str:
        """Say where cells are recorded to; nothing is made for it."""
        return f"{locate()}/.mlops"

    def workspace(self) -> Workspace:
        """Return the workspace that holds here and now."""
        return self._place().workspace

    def begin(
        self, info: ExecutionInfo, line: str, *, autolog: bool = True
    ) -> RecordedCell:
        """Begin the run of a cell that is about to run.

        Parameters
        ----------
        autolog : bool
            Models are noticed where neither the line nor the settings say otherwise.
        """
        options = _read(line)
        place = self._place()
        if not (autolog and place.workspace.settings.autolog):
            options = replace(options, autolog=False)
        cell_id = getattr(info, "cell_id", None)
        notebook = notebook_path(self._shell.user_ns, cell_id)
        experiment = (
            options.experiment or experiment_of(notebook) or default_experiment()
        )
        source = self._source(info, notebook)
        place.bests.prepare(experiment)
        run = place.workspace.start_run(
            options.name or f"cell {source.execution_count}",
            experiment=experiment,
            kind=Kind.CELL,
            notebook=notebook,
            cell_id=source.cell_id,
        )
        store = place.workspace.store
        # Before the tee: the curve is no output of the cell.
        live = self._live(run, place) if options.is_live else None
        cell = TrackedCell(run, store, source, options, experiment=experiment)
        tee = OutputTee(self._shell, cell.recorder)
        tee.start()
        if live is not None:
            live.start()
        return RecordedCell(cell, tee, place, live)

    def finish(
        self, started: RecordedCell, result: ExecutionResult, session: KernelSession
    ) -> None:
        """End the run of a cell that has run, and show its card."""
        started.tee.stop()
        outcome = CellOutcome(
            value=result.result,
            error=result.error_before_exec or result.error_in_exec,
        )
        try:
            summary = started.cell.finish(outcome, self._shell.user_ns, session)
        finally:
            if started.live is not None:
                started.live.stop()
        has_text = started.cell.recorder.has_text
        with contextlib.nullcontext() if has_text else unflushed():
            self._show(summary, started.place)

    def _live(self, run: Run, place: Place) -> LiveCurve | None:
        """Make the curve of a run, where someone may be looking at it."""
        is_batch = run.outer is not None
        wanted = place.workspace.settings.live_curve
        if is_batch or not wanted or not has_front_end(self._shell):
            return None
        from jupyter_mlops.widgets.livecurve import LiveCurve

        folder = place.workspace.layout.journal_folder(run.id)
        return LiveCurve(run.id, folder, self._shell.display_pub.publish)

    def _place(self) -> Place:
        project = str(locate())
        if project not in self._places:
            workspace = Workspace(project)
            self._places[project] = Place(workspace, Bests(workspace.store))
        return self._places[project]

    def _source(self, info: ExecutionInfo, notebook: str | None) -> CellSource:
        # The shell has counted on already when the cell goes into the history.
        count = self._shell.execution_count - bool(info.store_history)
        return CellSource(
            text=info.raw_cell,
            python=self._python(info),
            cell_id=getattr(info, "cell_id", None),
            execution_count=count,
            notebook=notebook,
        )

    def _python(self, info: ExecutionInfo) -> str:
        told = getattr(info, "transformed_cell", None)
        if told is not None:
            return str(told)
        try:
            return str(self._shell.transform_cell(info.raw_cell))
        except SyntaxError:
            return str(info.raw_cell)

    def _show(self, summary: CellSummary, place: Place) -> None:
        summary.bests = place.bests.of(summary.experiment)
        card = Card(summary, place.workspace.settings.lower_is_better)
        self._shell.display_pub.publish(card.bundle())
        place.bests.add(summary.experiment, summary.metrics)
        if summary.problems:
            warn("; ".join(summary.problems))


def _read(line: str) -> TrackOptions:
    try:
        return read_options(line)
    except MlopsError as error:
        # Recorded all the same: a run without its tags is better than none.
        return TrackOptions(problems=(str(error),))
