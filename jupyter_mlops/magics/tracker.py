"""Listens to a shell's events and has tracked cells recorded.

It runs for every cell of a session, tracked or not, so what recording needs is
imported with the first tracked cell.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from jupyter_mlops.capture.ownimports import OwnImports
from jupyter_mlops.magics.trackline import track_line
from jupyter_mlops.magics.warning import warn
from jupyter_mlops.tracking.session import KernelSession, RanCell

if TYPE_CHECKING:
    from IPython.core.interactiveshell import (
        ExecutionInfo,
        ExecutionResult,
        InteractiveShell,
    )

    from jupyter_mlops.capture.dataflow.cells import Evidence
    from jupyter_mlops.magics.recording import RecordedCell, ShellRecorder
    from jupyter_mlops.workspace import Workspace


class CellTracker:
    """Tracks the cells of one shell.

    Attributes
    ----------
    is_on : bool
        Every cell is tracked, not only those with ``%%track`` above.
    is_autologging : bool
        Models that tracked cells fit are noticed.
    """

    def __init__(self, shell: InteractiveShell) -> None:
        self.is_on = False
        self.is_autologging = True
        self._shell = shell
        self._recorder: ShellRecorder | None = None
        self._session = KernelSession(shell.user_ns, _ran_before(shell))
        # A cell may run another one: the innermost is last. None stands for a cell
        # that is not tracked, so that ends meet their own beginnings.
        self._running: list[RecordedCell | None] = []

    def recorder(self) -> ShellRecorder:
        """Return what records the cells of this shell."""
        if self._recorder is None:
            from jupyter_mlops.magics.recording import ShellRecorder

            self._recorder = ShellRecorder(self._shell)
        return self._recorder

    def workspace(self) -> Workspace:
        """Return the workspace that holds here and now."""
        return self.recorder().workspace()

    def status(self) -> str:
        """Say in one line what is recorded, and where."""
        what = "every cell" if self.is_on else "cells with %%track above"
        running = [cell for cell in self._running if cell is not None]
        now = f"; now {running[-1].run}" if running else ""
        models = "" if self.is_autologging else ", without models that are fitted"
        return f"Recording {what} into {self.recorder().place()}{models}{now}."

    def before_cell(self, info: ExecutionInfo) -> None:
        """Begin a run if this cell is to be tracked."""
        started = None
        try:
            line = track_line(info.raw_cell)
            # Front ends run code of their own without a place in the history.
            if line is not None or (self.is_on and info.store_history):
                with OwnImports():
                    started = self.recorder().begin(
                        info, line or "", autolog=self.is_autologging
                    )
        except Exception as error:  # noqa: BLE001 - a fault of ours never breaks a cell
            warn(f"this cell is not recorded: {error}")
        self._running.append(started)
        self._session.begin()

    def after_cell(self, result: ExecutionResult) -> None:
        """End the run of the cell, and show its card."""
        started = self._running.pop() if self._running else None
        try:
            self._session.add(_ran(result, self._session.end()))
            if started is not None:
                with OwnImports():
                    self.recorder().finish(started, result, self._session)
        except Exception as error:  # noqa: BLE001 - a fault of ours never breaks a cell
            warn(f"the record of this cell is incomplete: {error}")


def _ran(result: ExecutionResult, evidence: Evidence | None) -> RanCell:
    info = result.info
    return RanCell(
        source=info.raw_cell,
        python=getattr(info, "transformed_cell", None) or info.raw_cell,
        cell_id=getattr(info, "cell_id", None),
        execution_count=result.execution_count,
        failed=not result.success,
        evidence=evidence,
        ended=time.time(),
    )


def _ran_before(shell: InteractiveShell) -> list[RanCell]:
    """Return the cells that ran before the extension was loaded, from the history."""
    manager = shell.history_manager
    if manager is None:
        return []
    # Older shells do not keep which cells failed.
    failures = getattr(manager, "exceptions", None)
    # When they ended is not kept: no later than this.
    now = time.time()
    # The first place of the lists stands for no cell.
    counts = range(1, len(manager.input_hist_raw))
    return [
        RanCell(
            manager.input_hist_raw[count],
            manager.input_hist_parsed[count],
            execution_count=count,
            failed=None if failures is None else count in failures,
            ended=now,
        )
        for count in counts
    ]
