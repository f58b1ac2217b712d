"""Someone looks on at a run: its state, and how long its cells may still take."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from jupyter_mlops.errors import MlopsError
from jupyter_mlops.workspace.expectations import cell_key, expected_seconds
from jupyter_mlops.workspace.following import Cursor, Following
from jupyter_mlops.workspace.liveruns import LiveRuns

if TYPE_CHECKING:
    from jupyter_mlops.workspace.liveruns import LiveCell, LiveRun
    from jupyter_mlops.workspace.workspace import Workspace

_LONG_SECONDS = 0.8
"""Cells that run for less are not asked about in earlier runs."""


class RunWatch:
    """Follows a run.

    Attributes
    ----------
    runs : LiveRuns
        How it stands, with all within it.
    is_over : bool
        It has ended, and everything of it was seen.
    """

    def __init__(self, workspace: Workspace, run_id: str) -> None:
        self.runs = LiveRuns(run_id)
        self._workspace = workspace
        self._run_id = run_id
        self._following = Following(workspace.layout)
        self._cursor = Cursor()
        self._expected: dict[str, dict[str, float]] = {}

    @property
    def is_over(self) -> bool:
        """It has ended, and everything of it was seen."""
        return self._cursor.is_over

    def look(self) -> list[dict[str, Any]]:
        """Take in what is new, and return it."""
        events, self._cursor = self._following.changes(self._run_id, self._cursor)
        self.runs.take(events)
        return events

    def seconds(self, run: LiveRun) -> float:
        """Return for how many seconds a run has gone on, or did."""
        return max(0.0, (run.ended or time.time_ns() // 1000) - run.began) / 1e6

    def clock(self, cell: LiveCell) -> float:
        """Return for how many seconds a cell has run."""
        return cell.seconds or max(0.0, time.time() - cell.began / 1e6)

    def expected(self, run: LiveRun, cell: LiveCell) -> float | None:
        """Return how long a cell took before, in seconds; None: nobody knows."""
        if self.clock(cell) < _LONG_SECONDS:
            return None
        return self.times(run).get(cell_key(cell.source))

    def left(self, run: LiveRun) -> float | None:
        """Return the seconds that a notebook may still take; None: nobody knows."""
        cell = run.current
        if cell is None or self.expected(run, cell) is None:
            return None
        times = dict(self.times(run))
        if len(times) != run.planned:
            # Its cells are others now.
            return None
        for done in run.cells.values():
            expected = times.pop(cell_key(done.source), 0.0)
            if done is cell:
                times[""] = max(0.0, expected - self.clock(cell))
        return sum(times.values())

    def times(self, run: LiveRun) -> dict[str, float]:
        """Return the seconds that a notebook's cells took before, by `cell_key`."""
        found = self._expected.get(run.id)
        if found is None:
            try:
                found = expected_seconds(self._workspace, run.notebook)
            except (MlopsError, OSError):
                found = {}
            self._expected[run.id] = found
        return found
