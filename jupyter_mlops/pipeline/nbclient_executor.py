"""Running a notebook's cells on a Jupyter kernel of its own, through nbclient."""

from __future__ import annotations

import asyncio
import os
import signal
import tempfile
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbclient.util import ensure_async
from papermill.clientwrap import PapermillNotebookClient

from jupyter_mlops import errors
from jupyter_mlops.pipeline.apart import run_apart
from jupyter_mlops.pipeline.endings import death_words, error_output, is_clean_exit
from jupyter_mlops.pipeline.execution import CellOutcome, is_executable
from jupyter_mlops.pipeline.limits import memory
from jupyter_mlops.pipeline.limits.memory import MemoryWatch
from jupyter_mlops.records import ErrorRecord, Status

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from nbformat import NotebookNode

    from jupyter_mlops.pipeline.execution import CellWatcher

BEAT_SECONDS = 0.5
GRACE_SECONDS = 5.0
"""How long an interrupted cell may clean up before its kernel is killed."""


@dataclass(frozen=True, kw_only=True)
class NbclientExecutor:
    """Runs notebooks on a fresh kernel each.

    Attributes
    ----------
    kernel_name : str
        Which kernel.
    environ : mapping or None
        The kernel's environment; None: ours.
    cwd : Path or None
        The kernel's working directory; None: ours.
    options : dict
        Further traits of nbclient's client: ``timeout``, ``startup_timeout``, ….
    memory : int
        Bytes that the kernel may take with all that it starts; 0: all there are.
    """

    kernel_name: str
    environ: Mapping[str, str] | None = None
    cwd: Path | None = None
    options: dict[str, Any] = field(default_factory=dict)
    memory: int = 0

    def execute(self, notebook: NotebookNode, watcher: CellWatcher) -> None:
        """Run the cells; see `NotebookExecutor`."""
        client = _Client(notebook, watcher, self.kernel_name, self.options, self.memory)
        start: dict[str, Any] = {}
        if self.environ is not None:
            start["env"] = dict(self.environ)
        if self.cwd is not None:
            start["cwd"] = str(self.cwd)
        run_apart(lambda: asyncio.run(client.run(start)), client.cancel)


def check_kernel(name: str) -> None:
    """Make sure that a kernel is installed.

    Raises
    ------
    NotebookError
        When it is not, with `kernel` and `known`.
    """
    manager = KernelSpecManager()
    try:
        manager.get_kernel_spec(name)
    except NoSuchKernel as error:
        known = sorted(manager.find_kernel_specs())
        raise errors.NotebookError(
            f"The notebook asks for the kernel '{name}', which is not installed here."
            f"{errors.nearest(name, known)} Name another one with '--kernel'.",
            kernel=name,
            known=known,
        ) from error


class _Client(PapermillNotebookClient):
    """One notebook on one kernel, with a loop over the cells of our own."""

    def __init__(
        self,
        notebook: NotebookNode,
        watcher: CellWatcher,
        kernel_name: str,
        options: dict[str, Any],
        limit: int,
    ) -> None:
        # papermill's client asks its manager for no more than these two.
        manager = SimpleNamespace(nb=notebook, autosave_cell=watcher.beat)
        super().__init__(manager, kernel_name=kernel_name, **options)
        self._watcher = watcher
        self._loop: asyncio.AbstractEventLoop | None = None
        self._is_cancelled = False
        self._asks_exit = False
        self._memory = MemoryWatch(limit, self._process, self._kill)
        self.on_cell_executed = self._see_reply

    async def run(self, start: dict[str, Any]) -> None:
        self._loop = asyncio.get_running_loop()
        self.reset_execution_trackers()
        self.create_kernel_manager()
        with tempfile.TemporaryDirectory(prefix="mlops-") as folder:
            if os.name == "posix" and self.km.ipykernel:
                # Sockets in a folder that only this user can open, in place of ports.
                self.km.transport, self.km.ip = "ipc", f"{folder}/kernel"
            try:
                await self._start(start)
                beat = asyncio.create_task(self._beat())
                self._memory.start()
                await self._run_cells()
                beat.cancel()
                self.set_widgets_metadata()
            finally:
                self._memory.stop()
                # The start cleans up by itself when it fails.
                if self.km is not None:
                    await self._async_cleanup_kernel()

    def cancel(self, *, now: bool) -> None:
        """Have the running cell interrupted, or its kernel killed; from any thread."""
        self._is_cancelled = True
        if self._loop is not None and not self._loop.is_closed():
            asyncio.run_coroutine_threadsafe(self._cancel(now=now), self._loop)

    async def _cancel(self, *, now: bool) -> None:
        if not now and self.km is not None and self.km.has_kernel:
            await ensure_async(self.km.interrupt_kernel())
            await asyncio.sleep(GRACE_SECONDS)
        await self._end_kernel()

    def _process(self) -> int:
        provisioner = getattr(self.km, "provisioner", None)
        return getattr(provisioner, "pid", None) or 0

    def _kill(self) -> None:
        if self._loop is not None and not self._loop.is_closed():
            asyncio.run_coroutine_threadsafe(self._end_kernel(), self._loop)

    async def _end_kernel(self) -> None:
        if self.km is not None and self.km.has_kernel:
            await ensure_async(self.km.signal_kernel(signal.SIGKILL))

    async def _start(self, start: dict[str, Any]) -> None:
        try:
            await self.async_start_new_kernel(**start)
            await self.async_start_new_kernel_client()
        except (NoSuchKernel, RuntimeError, OSError) as error:
            raise errors.NotebookError(
                f"The kernel '{self.kernel_name}' did not start: {error}. Try it with "
                f"'jupyter console --kernel {self.kernel_name}'.",
                kernel=self.kernel_name,
            ) from error
        reply = await self.async_wait_for_reply(
            await ensure_async(self.kc.kernel_info())
        )
        if reply is not None:
            self.nb.metadata["language_info"] = reply["content"]["language_info"]

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            self._watcher.beat()

    async def _run_cells(self) -> None:
        for index, cell in enumerate(self.nb.cells):
            if self._is_cancelled:
                break
            if not is_executable(cell):
                continue
            self._watcher.cell_began(index)
            outcome = await self._run_cell(index, cell)
            self._watcher.cell_ended(outcome)
            if outcome.stops:
                break

    async def _run_cell(self, index: int, cell: NotebookNode) -> CellOutcome:
        status, stops = Status.FINISHED, self._asks_exit
        error: ErrorRecord | None
        try:
            await self.async_execute_cell(cell, index)
        except CellExecutionError as failure:
            error = error_output(cell) or ErrorRecord(
                name=failure.ename, value=failure.evalue, traceback=failure.traceback
            )
            stops = True
            if not is_clean_exit(error):
                status = Status.FAILED
        except (DeadKernelError, CellTimeoutError) as failure:
            error = ErrorRecord(name=type(failure).__name__, value=self._death(failure))
            if self._memory.used:
                error = ErrorRecord(name=memory.ERROR, value=self._memory.words)
            status, stops = Status.FAILED, True
        else:
            error = error_output(cell)
            stops = self._asks_exit
        if self._is_cancelled:
            status, stops = Status.CANCELLED, True
        return CellOutcome(
            index=index, outputs=cell.outputs, status=status, error=error, stops=stops
        )

    def output(self, outs: list[NotebookNode], *args: Any) -> NotebookNode | None:
        """Take an output; what a stream goes on with joins what it showed before.

        As JupyterLab does: a cell that prints for long has one output, not thousands.
        """
        out = super().output(outs, *args)
        is_further = (
            out is not None
            and len(outs) > 1
            and out.output_type == outs[-2].output_type == "stream"
            and out.name == outs[-2].name
        )
        if is_further:
            outs[-2].text += outs.pop().text
        return out

    def _see_reply(self, *, execute_reply: dict[str, Any], **_: Any) -> None:
        payload = execute_reply["content"].get("payload") or []
        self._asks_exit = any(item.get("source") == "ask_exit" for item in payload)

    def _death(self, failure: Exception) -> str:
        if not isinstance(failure, DeadKernelError):
            return str(failure).strip()
        provisioner = getattr(self.km, "provisioner", None)
        process = getattr(provisioner, "process", None)
        return death_words(getattr(process, "returncode", None))
