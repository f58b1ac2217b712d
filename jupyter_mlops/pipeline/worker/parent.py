"""The warm parent: ``python -m jupyter_mlops.pipeline.worker.parent``.

It listens for runners of its own user, has IPython's kernel ready, and forks a zygote
for each set of libraries, a guardian for each notebook. It ends when nobody has come
for a while.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import inspect
import os
import select
import socket
import sys
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_mlops.pipeline.worker import kinship
from jupyter_mlops.pipeline.worker.brood import Brood
from jupyter_mlops.pipeline.worker.child import run_notebook_process
from jupyter_mlops.pipeline.worker.service import listen_on, mark_of, user_of
from jupyter_mlops.pipeline.worker.wire import (
    FrameReader,
    close_files,
    receive_with_files,
    send_with_files,
)
from jupyter_mlops.pipeline.worker.zygote import be_zygote

if TYPE_CHECKING:
    from jupyter_mlops.pipeline.worker.kernel import WorkerApp

_MOST_ZYGOTES = 4
_SOON_NEEDED = (
    "stack_data",
    "pexpect",
    "pygments.lexers.python",
    "pygments.formatters.terminal256",
    "pygments.styles.default",
    "IPython.core.logger",
    "IPython.core.ultratb",
    "IPython.lib.pretty",
    "IPython.utils._process_posix",
    "tornado.platform.asyncio",
)
"""What a notebook imports as it begins, or at its first error, result or command."""
_PATIENCE = 5.0
"""Seconds that a runner may take for its request."""


class _Zygote:
    """What the parent knows of one zygote."""

    def __init__(self, process: int, line: socket.socket) -> None:
        self.process = process
        self.line = line
        self.reader = FrameReader()
        self.is_ready = False
        self.waiting: list[tuple[dict[str, Any], list[int]]] = []
        self.notebooks = 0
        self.used = time.monotonic()


class Parent:
    """Serves runners, until it is idle for long.

    Parameters
    ----------
    app : WorkerApp
        Initialised, in a process without further threads.
    listener : socket
        Where runners connect.
    path : Path
        Its place; when something else is there, nobody comes here any more.
    idle_seconds : float
        How long it waits for another runner.
    """

    def __init__(
        self, app: WorkerApp, listener: socket.socket, path: Path, idle_seconds: float
    ) -> None:
        self._app = app
        self._listener = listener
        self._path = path
        self._idle_seconds = idle_seconds
        self._mark = mark_of(path)
        self._brood = Brood(partial(run_notebook_process, app))
        self._zygotes: dict[tuple[str, ...], _Zygote] = {}
        self._unfit: set[str] = set()
        self._poll = select.poll()
        self._used = time.monotonic()

    def serve(self) -> None:
        """Serve."""
        self._poll.register(self._listener, select.POLLIN)
        while self._is_reachable():
            ready = self._poll.poll(self._idle_seconds * 250)
            for number, _ in ready:
                self._see(number)
            # Whoever only looks whether a parent is there does not keep it.
            if self._is_busy():
                self._used = time.monotonic()
            elif time.monotonic() - self._used > self._idle_seconds:
                break
        self._stop_listening()

    def _is_busy(self) -> bool:
        return bool(len(self._brood)) or any(
            zygote.notebooks or zygote.waiting for zygote in self._zygotes.values()
        )

    def _is_reachable(self) -> bool:
        """Tell whether the socket is still this one's: else it only finishes."""
        return mark_of(self._path) == self._mark or self._is_busy()

    def _stop_listening(self) -> None:
        if mark_of(self._path) == self._mark:
            self._path.unlink(missing_ok=True)
        self._listener.close()

    def _see(self, number: int) -> None:
        if number == self._listener.fileno():
            self._accept()
            return
        for libraries, zygote in list(self._zygotes.items()):
            if number == zygote.line.fileno():
                self._hear(libraries, zygote)
                return
        self._poll.unregister(number)
        self._brood.bury(number, {item.process for item in self._zygotes.values()})

    def _accept(self) -> None:
        try:
            line, _ = self._listener.accept()
        except OSError:
            return
        with line:
            line.settimeout(_PATIENCE)
            with contextlib.suppress(OSError, ValueError):
                if user_of(line) != os.getuid():
                    return
                received = receive_with_files(line, 3)
                if received is not None:
                    line.settimeout(None)
                    request, files = received
                    self._start(request, [line.detach(), *files])

    def _start(self, request: dict[str, Any], files: list[int]) -> None:
        self._used = time.monotonic()
        wanted = tuple(name for name in request["libraries"] if name not in self._unfit)
        if not wanted:
            self._start_here(request, files)
            return
        zygote = self._zygotes.get(wanted) or self._fork_zygote(wanted, files)
        zygote.used = time.monotonic()
        if zygote.is_ready:
            self._pass_on(zygote, request, files)
        else:
            zygote.waiting.append((request, files))

    def _start_here(self, request: dict[str, Any], files: list[int]) -> None:
        before = set(self._brood.endings)
        lines = (zygote.line for zygote in self._zygotes.values())
        self._brood.start(request, files, ours=[self._listener, *lines])
        for ending in set(self._brood.endings) - before:
            self._poll.register(ending, select.POLLIN)

    def _pass_on(
        self, zygote: _Zygote, request: dict[str, Any], files: list[int]
    ) -> None:
        # Whoever waits for a notebook that cannot be passed on sees its line close.
        with contextlib.suppress(OSError):
            send_with_files(zygote.line, request, files)
            zygote.notebooks += 1
        close_files(files)

    def _fork_zygote(self, libraries: tuple[str, ...], held: list[int]) -> _Zygote:
        self._make_room()
        ours, theirs = socket.socketpair()
        process = os.fork()
        if process == 0:
            ours.close()
            self._listener.close()
            close_files(held)
            for other in self._zygotes.values():
                other.line.close()
                for _, files in other.waiting:
                    close_files(files)
            for ending in self._brood.endings:
                os.close(ending)
            be_zygote(self._app, list(libraries), theirs)
        theirs.close()
        zygote = self._zygotes[libraries] = _Zygote(process, ours)
        self._poll.register(ours, select.POLLIN)
        return zygote

    def _make_room(self) -> None:
        quiet = [
            key
            for key, zygote in self._zygotes.items()
            if not zygote.notebooks and not zygote.waiting
        ]
        if len(self._zygotes) >= _MOST_ZYGOTES and quiet:
            self._drop(min(quiet, key=lambda key: self._zygotes[key].used))

    def _drop(self, libraries: tuple[str, ...]) -> _Zygote:
        zygote = self._zygotes.pop(libraries)
        self._poll.unregister(zygote.line)
        zygote.line.close()
        # It ends when it sees that; with a notebook running, after that.
        with contextlib.suppress(ChildProcessError):
            os.waitpid(zygote.process, 0 if not zygote.notebooks else os.WNOHANG)
        return zygote

    def _hear(self, libraries: tuple[str, ...], zygote: _Zygote) -> None:
        data = b""
        with contextlib.suppress(OSError):
            data = zygote.line.recv(1 << 16)
        zygote.reader.feed(data)
        unfit = [] if data else list(libraries)
        for frame in zygote.reader:
            if "unfit" in frame.head:
                unfit += frame.head["unfit"]
                zygote.is_ready = not unfit
            else:
                zygote.notebooks -= 1
        if unfit:
            self._replace(libraries, zygote, unfit)
            return
        while zygote.is_ready and zygote.waiting:
            self._pass_on(zygote, *zygote.waiting.pop(0))

    def _replace(
        self, libraries: tuple[str, ...], zygote: _Zygote, unfit: list[str]
    ) -> None:
        """Start what waits elsewhere: its zygote is gone, or not fit to be one."""
        if not zygote.is_ready:
            self._unfit.update(unfit)
        zygote.notebooks = 0
        self._drop(libraries)
        kinship.reap_orphans(
            self._brood.processes | {item.process for item in self._zygotes.values()}
        )
        for request, files in zygote.waiting:
            self._start(request, files)


def main() -> None:
    """Be a parent: arguments are the listening socket, its path, the idle seconds."""
    path, idle_seconds = Path(sys.argv[2]), float(sys.argv[3])
    if os.fork():
        os._exit(0)
    listener = listen_on(int(sys.argv[1]))
    kinship.adopt_orphans()
    app = _make_app()
    Parent(app, listener, path, idle_seconds).serve()
    os._exit(0)


def _make_app() -> WorkerApp:
    """Make what every notebook shares."""
    if sys.path and sys.path[0] in ("", str(Path.cwd())):
        del sys.path[0]
    import ipykernel.debugger

    from jupyter_mlops.pipeline.worker.kernel import WorkerApp

    # As a kernel sets it; a zygote may be about to import matplotlib.
    if not os.environ.get("MPLBACKEND"):
        os.environ["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"
    # No one can attach a debugger: without it a kernel starts in a quarter of the time.
    ipykernel.debugger._is_debugpy_available = False  # noqa: SLF001 - it has no setting
    app: WorkerApp = WorkerApp.instance()
    app.initialize(["--HistoryManager.hist_file=:memory:"])
    for name in _SOON_NEEDED:
        importlib.import_module(name)
    app.shell.run_cell("pass", store_history=False, silent=True)
    # ipykernel asks for these before each cell, and to find out takes a while.
    for method in (type(app.shell).run_cell, type(app.shell).run_cell_async):
        method.__signature__ = inspect.signature(method)
    gc.collect()
    gc.freeze()
    return app


if __name__ == "__main__":
    main()
