"""One notebook's cells, run in one process at the other end of a line."""

from __future__ import annotations

import select
import signal
import socket
import time
from itertools import chain
from subprocess import SubprocessError
from typing import TYPE_CHECKING, Any, Protocol

from nbclient.exceptions import CellTimeoutError

from jupyter_mlops.pipeline.endings import death_words, error_output, is_clean_exit
from jupyter_mlops.pipeline.execution import CellOutcome, is_executable
from jupyter_mlops.pipeline.limits import memory
from jupyter_mlops.pipeline.limits.memory import MemoryWatch
from jupyter_mlops.pipeline.worker.address import NoPrivatePlaceError
from jupyter_mlops.pipeline.worker.forkability import NotForkableError
from jupyter_mlops.pipeline.worker.line import Line
from jupyter_mlops.pipeline.worker.outputs import OutputClient
from jupyter_mlops.pipeline.worker.requests import asks_exit, execute_request
from jupyter_mlops.pipeline.worker.sleeper import Sleeper
from jupyter_mlops.pipeline.worker.transcript import Transcript
from jupyter_mlops.records import ErrorRecord, Status

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from jupyter_mlops.pipeline.execution import CellWatcher
    from jupyter_mlops.pipeline.worker.line import Start
    from jupyter_mlops.pipeline.worker.resumption import Watchdog
    from jupyter_mlops.pipeline.worker.wire import Frame

GRACE_SECONDS = 5.0
"""How long an interrupted cell, or the notebook's end, may take to clean up."""
_STARTUP_SECONDS = 60.0
_BEAT_SECONDS = 0.5


class WorkerUnavailableError(Exception):
    """No notebook's process could be had; no cell has run."""


class BoundaryVisitor(Protocol):
    """Whoever may want a copy of the process between two cells."""

    def before_cell(self, work: NotebookWork, index: int) -> None:
        """Visit the boundary before a cell; `work.copy` makes a copy."""

    def after_cell(self, work: NotebookWork, outcome: CellOutcome) -> None:
        """Visit the boundary after one, also after the last one that runs."""


class NotebookWork:
    """Runs the cells of one notebook; the process is gone when `run` returns.

    Parameters
    ----------
    notebook, watcher
        As a `NotebookExecutor` takes them.
    start : Start
        What starts the process: a `Wish`, or a copy's `Waking`.
    options : dict
        Traits of nbclient's client.
    first : int
        The notebook's cell to begin with; a woken copy has run those before.
    visitor : BoundaryVisitor, optional
        Called between cells, where the process can be copied.
    watchdog : Watchdog, optional
        Looks at the process while cells run.
    """

    def __init__(
        self,
        notebook: NotebookNode,
        watcher: CellWatcher,
        start: Start,
        options: dict[str, Any],
        *,
        first: int = 0,
        visitor: BoundaryVisitor | None = None,
        watchdog: Watchdog | None = None,
    ) -> None:
        self._notebook = notebook
        self._watcher = watcher
        self._start = start
        self._first = first
        self._visitor = visitor
        self._watchdog = watchdog
        self._client = OutputClient(notebook, watcher, self._send_comm, options)
        self._line: Line | None = None
        self._poll = select.poll()
        self._is_cancelled = False
        self._kill_at: float | None = None
        self._death: str | None = None
        self._memory = MemoryWatch(start.memory, lambda: self.process, self._kill)
        self._beat_at = 0.0
        self._copied: Frame | None = None
        self._late: list[tuple[int, str] | Frame] = []

    def run(self) -> None:
        """Run the cells."""
        try:
            line = self._line = Line(self._start)
        except (OSError, SubprocessError, NoPrivatePlaceError) as error:
            raise WorkerUnavailableError(str(error)) from error
        self._transcript = Transcript(line)
        for number in line.numbers:
            self._poll.register(number, select.POLLIN)
        try:
            self._wait_until_ready()
            self._memory.start()
            self._run_cells()
            self._client.set_widgets_metadata()
            self._end(line)
        finally:
            self._memory.stop()
            line.close()
            if self._death is not None:
                line.end_rest()

    def cancel(self, *, now: bool) -> None:
        """Have the running cell interrupted, or its process killed; from any thread."""
        self._is_cancelled = True
        self._stop(now=now)

    def _stop(self, *, now: bool) -> None:
        self._kill_at = time.monotonic() + (0 if now else GRACE_SECONDS)
        if self._line is not None:
            self._line.signal(signal.SIGKILL if now else signal.SIGINT)

    @property
    def process(self) -> int:
        """The notebook's process, 0 before it has said so."""
        return self._line.process if self._line is not None else 0

    @property
    def is_alive(self) -> bool:
        """Whether that process is there and has not ended."""
        return bool(self.process) and self._death is None

    def _kill(self) -> None:
        if self._line is not None:
            self._line.signal(signal.SIGKILL)

    def _send_comm(self, message: dict[str, Any]) -> None:
        if self._line is not None:
            self._line.post({"do": "comm", "message": message})

    def _wait_until_ready(self) -> None:
        limit = self._client.startup_timeout or _STARTUP_SECONDS
        deadline = time.monotonic() + limit
        while not self._is_cancelled:
            self._wait(deadline)
            for item in self._transcript:
                # Text before that is of startup files: no cell's.
                if not isinstance(item, tuple) and item.head["type"] == "ready":
                    assert self._line is not None
                    if changes := item.head.get("changes"):
                        raise WorkerUnavailableError(" and ".join(changes))
                    self._line.process = item.head["pid"]
                    language = item.head["language_info"]
                    self._notebook.metadata["language_info"] = language
                    self._client.go_on_from(item.head["count"])
                    return
            if self._death is not None:
                raise WorkerUnavailableError(self._death)
            if time.monotonic() > deadline:
                raise WorkerUnavailableError(f"it did not start within {limit} s")

    def copy(self) -> Sleeper:
        """Have the process copied; a `BoundaryVisitor` may ask for it.

        Raises
        ------
        NotForkableError
            With the reason.
        """
        line = self._line
        if line is None or self._death is not None:
            raise NotForkableError("the notebook's process has ended")
        ours, theirs = socket.socketpair()
        with theirs:
            line.post_with_file({"do": "copy"}, theirs.fileno())
        self._copied = None
        while self._copied is None and self._death is None:
            self._wait(None)
            for item in self._transcript:
                if not isinstance(item, tuple) and item.head["type"] == "copied":
                    self._copied = item
                else:
                    # It belongs to the cell that comes next.
                    self._late.append(item)
        head: dict[str, Any] = {"refused": self._death}
        if self._copied is not None:
            head = self._copied.head
        if "process" not in head:
            ours.close()
            raise NotForkableError(head["refused"])
        return Sleeper(ours, head["process"], head["seconds"])

    def _run_cells(self) -> None:
        for index, cell in enumerate(self._notebook.cells):
            if self._is_cancelled:
                break
            if index < self._first or not is_executable(cell):
                continue
            if self._visitor is not None:
                self._visitor.before_cell(self, index)
            self._watcher.cell_began(index)
            outcome = self._run_cell(index, cell)
            self._watcher.cell_ended(outcome)
            if self._visitor is not None:
                self._visitor.after_cell(self, outcome)
            if outcome.stops:
                break

    def _run_cell(self, index: int, cell: NotebookNode) -> CellOutcome:
        message = execute_request(cell)
        self._client.begin(index, cell, message["header"]["msg_id"])
        assert self._line is not None
        self._line.post({"do": "run", "message": message})
        # While it runs, there is time for what is left of those before.
        self._watcher.beat()
        timed_out = self._follow(cell)
        self._client.end()
        error = timed_out or self._dead() or error_output(cell)
        is_broken = timed_out is not None or self._death is not None
        return self._outcome(index, cell, error, is_broken=is_broken)

    def _outcome(
        self,
        index: int,
        cell: NotebookNode,
        error: ErrorRecord | None,
        *,
        is_broken: bool,
    ) -> CellOutcome:
        reply = self._client.reply or {}
        status, stops = Status.FINISHED, asks_exit(reply)
        if is_broken:
            status, stops = Status.FAILED, True
        elif reply.get("status") == "error" and not self._may_fail(cell, reply):
            error = error or ErrorRecord(
                name=reply.get("ename", "Error"), value=reply.get("evalue", "")
            )
            stops = True
            if not is_clean_exit(error):
                status = Status.FAILED
        if self._is_cancelled:
            status, stops = Status.CANCELLED, True
        return CellOutcome(
            index=index, outputs=cell.outputs, status=status, error=error, stops=stops
        )

    def _may_fail(self, cell: NotebookNode, reply: dict[str, Any]) -> bool:
        client = self._client
        return not client.force_raise_errors and bool(
            client.allow_errors
            or reply.get("ename") in client.allow_error_names
            or "raises-exception" in cell.metadata.get("tags", [])
        )

    def _follow(self, cell: NotebookNode) -> ErrorRecord | None:
        """Take outputs until the cell ends; return an error if it took too long."""
        limit = self._client._get_timeout(cell)  # noqa: SLF001 - as its own loop does
        deadline = None if limit is None else time.monotonic() + limit
        timed_out = None
        self._beat_at = time.monotonic() + _BEAT_SECONDS
        while True:
            self._wait(deadline)
            items = self._transcript.rest() if self._death else self._transcript
            late, self._late = self._late, []
            for item in chain(late, items):
                if isinstance(item, tuple):
                    self._client.take_text(*item)
                    continue
                self._client.take(item)
                if item.head["type"] == "idle":
                    return timed_out
            if self._death is not None:
                return timed_out
            if deadline is not None and time.monotonic() >= deadline:
                deadline = None
                timed_out = self._time_out(limit, cell)

    def _time_out(self, limit: int, cell: NotebookNode) -> ErrorRecord | None:
        if self._client.interrupt_on_timeout:
            assert self._line is not None
            self._line.signal(signal.SIGINT)
            return None
        # Interrupted, the cell shows where it was, and cleans up; killed, it would not.
        self._stop(now=False)
        error = CellTimeoutError.error_from_timeout_and_cell(
            "Cell execution timed out", limit, cell
        )
        return ErrorRecord(name=type(error).__name__, value=str(error).strip())

    def _wait(self, deadline: float | None) -> None:
        """Wait for something new, and take it in."""
        until = min(
            at for at in (deadline, self._kill_at, self._beat_at) if at is not None
        )
        seconds = max(0.0, until - time.monotonic())
        ready = {number for number, _ in self._poll.poll(seconds * 1000 + 1)}
        now = time.monotonic()
        if now >= self._beat_at:
            self._client.beat()
            self._beat_at = now + _BEAT_SECONDS
            if self._watchdog is not None and self.is_alive:
                self._watchdog.look(self.process)
        assert self._line is not None
        if self._kill_at is not None and now >= self._kill_at:
            self._kill_at = now + GRACE_SECONDS
            self._line.signal(signal.SIGKILL)
        if self._line.guardian.fileno() in ready:
            self._death = death_words(self._line.ending())
            self._transcript.drain()
        else:
            for number in self._transcript.read(ready):
                self._poll.unregister(number)

    def _dead(self) -> ErrorRecord | None:
        if self._death is None:
            return None
        if self._memory.used:
            return ErrorRecord(name=memory.ERROR, value=self._memory.words)
        return ErrorRecord(name="DeadKernelError", value=self._death)

    def _end(self, line: Line) -> None:
        """Let the process end, and see it gone with all that it started."""
        if self._death is not None:
            return
        self._kill_at = time.monotonic() + GRACE_SECONDS
        line.post({"do": "end"})
        self._watcher.beat()
        while not self._is_over():
            self._wait(None)
            for _ in self._transcript:
                pass
        self._death = None

    def _is_over(self) -> bool:
        return self._death is not None
