"""A point that goes on from a copy of the process that ran the shared cells."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import nbformat
from papermill.translators import PythonTranslator

from jupyter_mlops import errors
from jupyter_mlops.pipeline.apart import run_apart
from jupyter_mlops.pipeline.engine import kernel_variables
from jupyter_mlops.pipeline.execution import is_executable
from jupyter_mlops.pipeline.executors import engine_recorder
from jupyter_mlops.pipeline.recording import NotebookRecording
from jupyter_mlops.pipeline.sweeps.filled import injected_at
from jupyter_mlops.pipeline.sweeps.pointcopies import holding_copies
from jupyter_mlops.pipeline.sweeps.sharedcells import join_widgets, restore_into
from jupyter_mlops.pipeline.sweeps.whole import WholePoint
from jupyter_mlops.pipeline.worker.requests import UNCOUNTED
from jupyter_mlops.pipeline.worker.work import (
    NotebookWork,
    WorkerUnavailableError,
)
from jupyter_mlops.records import Status

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from jupyter_mlops.pipeline.apart import Interrupts
    from jupyter_mlops.pipeline.execution import CellOutcome, CellWatcher
    from jupyter_mlops.pipeline.sweeps.points import Point
    from jupyter_mlops.pipeline.sweeps.results import PointResult
    from jupyter_mlops.pipeline.sweeps.sharedcells import SharedCells
    from jupyter_mlops.pipeline.sweeps.whole import SweepRoom

OBSERVATION = "shared"


class BranchedPoint(WholePoint):
    """One point; where its copy is gone it runs whole, and its run says why."""

    def __init__(
        self,
        room: SweepRoom,
        point: Point,
        interrupts: Interrupts,
        shared: SharedCells,
    ) -> None:
        super().__init__(room, point, interrupts)
        self._shared = shared
        self._is_branched = False

    def run_point(self) -> PointResult:
        """Run it to its end; what goes wrong is in the result."""
        found = super().run_point()
        return replace(found, shared=self._shared.count if self._is_branched else 0)

    def execute(self, notebook: NotebookNode, watcher: CellWatcher) -> None:
        """Run the cells that are the point's own."""
        assert self.run is not None, "the runner begins the run first"
        assert isinstance(watcher, NotebookRecording), "the engine hands it in"
        shared, plan = self._shared, self.room.plan
        around = nbformat.NotebookNode(notebook)
        own = Assigned(notebook, shared, watcher, self.watched(watcher))
        around.cells = [
            *notebook.cells[: shared.stop],
            _assigning(self.point),
            *notebook.cells[shared.stop :],
        ]
        start = shared.sleeper.waking(
            environ=kernel_variables(self.run, plan.source.path),
            memory=plan.limits.memory,
        )
        options = {"timeout": plan.timeout}
        copies = holding_copies(
            self.run,
            notebook,
            self.room.terms,
            footing=lambda: self.room.footing,
            ran=shared.cells,
            without=shared.stop,
        )
        try:
            with copies as visitor:
                work = NotebookWork(
                    around, own, start, options, first=shared.stop, visitor=visitor
                )
                run_apart(work.run, work.cancel)
        except WorkerUnavailableError as error:
            self.run.observe(OBSERVATION, {"why": f"its copy is gone: {error}"})
            super().execute(notebook, watcher)
            return
        self._is_branched = True
        engine_recorder(self.run)("worker")
        join_widgets(notebook, shared)
        self.run.observe(
            OBSERVATION, {"run": shared.run_id, "cells": own.restored_cells}
        )


class Assigned:
    """Tells a watcher of the notebook's own cells, the shared ones among them."""

    def __init__(
        self,
        notebook: NotebookNode,
        shared: SharedCells,
        recording: NotebookRecording,
        watcher: CellWatcher,
    ) -> None:
        self.restored_cells: list[int] = []
        self._notebook = notebook
        self._shared = shared
        self._recording = recording
        self._watcher = watcher
        self._began = 0
        self._clock = 0.0

    def cell_began(self, index: int) -> None:
        """Pass it on; before the first, the shared cells are recorded."""
        if index > self._shared.stop:
            self._watcher.cell_began(index - 1)
        else:
            self._began, self._clock = time.time_ns() // 1000, time.perf_counter()

    def cell_ended(self, outcome: CellOutcome) -> None:
        """Pass it on."""
        if outcome.index > self._shared.stop:
            self._watcher.cell_ended(replace(outcome, index=outcome.index - 1))
            return
        self._restore()
        if outcome.status is not Status.FINISHED:
            self._blame(outcome)

    def beat(self) -> None:
        """Pass it on."""
        self._watcher.beat()

    def _restore(self) -> None:
        """Record the cells that ran before, and the one that holds the values."""
        shared, notebook = self._shared, self._notebook
        restore_into(notebook, shared)
        if shared.lines:
            # In a journal by itself: that of the runner is not what cells have logged.
            logged = self._recording.run.joined()
            logged.take_over(shared.lines)
            logged.end(wait=False)
        injected = injected_at(notebook)
        seconds = round(time.perf_counter() - self._clock, 6)
        for position, (index, ran) in enumerate(sorted(shared.cells.items())):
            if index == injected:
                self._recording.cell_restored(index, began=self._began, seconds=seconds)
                continue
            self.restored_cells.append(position)
            self._recording.cell_restored(
                index, began=ran.began, seconds=ran.seconds, run=shared.run_id
            )

    def _blame(self, outcome: CellOutcome) -> None:
        """Tell of a copy that ended before its first own cell."""
        later = [
            index
            for index, cell in enumerate(self._notebook.cells)
            if index >= self._shared.stop and is_executable(cell)
        ]
        if not later:
            error = outcome.error
            raise errors.NotebookError(
                f"The copy of the shared cells' process failed: "
                f"{error.name if error else outcome.status}."
            )
        self._watcher.cell_began(later[0])
        self._watcher.cell_ended(replace(outcome, index=later[0]))


def _assigning(point: Point) -> NotebookNode:
    """Make the cell that gives the copy the point's values.

    Only those: a fixed one may have been set anew since.
    """
    source = PythonTranslator.codify(dict(point.values))
    return nbformat.v4.new_code_cell(source, metadata={"tags": [UNCOUNTED]})
