"""The notebook's own process: what it is given, its cells one by one, its end."""

from __future__ import annotations

import asyncio
import atexit
import contextvars
import os
import selectors
import signal
import socket
import sys
import threading
import time
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from jupyter_mlops.pipeline.limits.threads import bound_loaded
from jupyter_mlops.pipeline.worker import kinship, witnesses
from jupyter_mlops.pipeline.worker.boundary import Boundary
from jupyter_mlops.pipeline.worker.forkability import NotForkableError
from jupyter_mlops.pipeline.worker.openfiles import OpenFiles
from jupyter_mlops.pipeline.worker.streams import Channel, PipeStream
from jupyter_mlops.pipeline.worker.surroundings import take_on
from jupyter_mlops.pipeline.worker.threads import wake_threads
from jupyter_mlops.pipeline.worker.wire import FrameReader

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_mlops.pipeline.worker.kernel import WorkerApp
    from jupyter_mlops.pipeline.worker.wire import Frame


def run_notebook_process(
    app: WorkerApp, request: dict[str, Any], files: list[int]
) -> None:
    """Be a notebook's process, until its runner says that it may end.

    Parameters
    ----------
    app : WorkerApp
        Initialised before the fork.
    request : dict
        What the runner asked for: ``environ``, ``threads``, ``folder``,
        ``surroundings``, ``token``.
    files : list of int
        The channel, and the pipes for stdout and stderr.
    """
    connection = socket.socket(fileno=files[0])
    pipes = files[1:]
    for number in files:
        os.set_inheritable(number, False)  # noqa: FBT003 - of the library
    _take_on(request, pipes)
    channel = Channel(connection, pipes, bytes.fromhex(request["token"]))
    sys.stdout, sys.stderr = (
        PipeStream(channel, stream, pipe) for stream, pipe in enumerate(pipes)
    )
    app.begin(channel, request["folder"])
    loop = asyncio.SelectorEventLoop(selectors.PollSelector())
    asyncio.set_event_loop(loop)
    cells = _Cells(app, channel, connection, loop)
    cells.run_all(Boundary(connection.fileno(), pipes, cells.go_on))


def _take_on(request: dict[str, Any], pipes: list[int]) -> None:
    """Take on the environment of the runner."""
    os.environ.clear()
    os.environ.update(request["environ"])
    time.tzset()
    take_on(request["surroundings"])
    os.chdir(request["folder"])
    sys.argv = list(request["argv"])
    for target, pipe in enumerate(pipes, start=1):
        os.dup2(pipe, target)
    _draw_new_seeds()
    wake_threads()
    bound_loaded(request["threads"])


def _draw_new_seeds() -> None:
    """Seed what numpy and torch seeded when they were imported, before the fork.

    Python's own generator does that by itself in every forked process.
    """
    numpy_random, torch = map(sys.modules.get, ("numpy.random", "torch"))
    if numpy_random is not None:
        numpy_random.seed()
    if torch is not None:
        torch.default_generator.seed()


class _Cells:
    """Runs cells as the runner sends them; between them the process can be copied."""

    def __init__(
        self,
        app: WorkerApp,
        channel: Channel,
        connection: socket.socket,
        loop: asyncio.SelectorEventLoop,
    ) -> None:
        self._app = app
        self._kernel = app.kernel
        self._channel = channel
        self._connection = connection
        self._loop = loop
        self._reader = FrameReader()
        self._files: deque[int] = deque()
        self._asked: asyncio.Queue[Frame | None] = asyncio.Queue()
        self._context = contextvars.copy_context()
        self._boundary: Boundary | None = None
        self._files_open = OpenFiles()

    def run_all(self, boundary: Boundary) -> None:
        """Run cells until the runner ends it, or is gone; end the process then."""
        self._boundary = boundary
        self._app.begin_loop()
        self._serve()

    def go_on(self, request: dict[str, Any]) -> None:
        """Run cells in a copy that was woken, for another runner."""
        self._channel.renew(bytes.fromhex(request["token"]))
        self._app.session.renew(self._channel)
        self._reader = FrameReader()
        renew_loop(self._loop)
        if request.get("kernel"):
            self._be_kernel(request["kernel"])
        else:
            self._serve(witnesses.changes())

    def _serve(self, changes: Sequence[str] = ()) -> None:
        self._channel.post(
            {
                "type": "ready",
                "pid": os.getpid(),
                "language_info": self._kernel.language_info,
                "count": self._kernel.shell.execution_count - 1,
                "changes": list(changes),
            }
        )
        self._loop.add_reader(self._connection.fileno(), self._receive)
        # A loop that is stopped from within, by exit() or by a cell, ends the notebook.
        with suppress(RuntimeError):
            while self._loop.run_until_complete(self._run_some()):
                # Out here no loop is running that a copy would have to be told of.
                self._copy(self._files.popleft())
        self._let_go()

    def _be_kernel(self, file: str) -> None:
        # Here: no notebook's own process needs it.
        from jupyter_mlops.pipeline.worker.live import become_kernel, serve_kernel

        assert self._boundary is not None
        self._loop.remove_reader(self._connection.fileno())
        become_kernel(self._app, file, self._boundary.pipes)
        self._channel.post({"type": "ready", "pid": os.getpid()})
        with suppress(RuntimeError, KeyboardInterrupt):
            serve_kernel(self._app)
        self._let_go()

    def _let_go(self) -> None:
        """End as a Python process does, but for taking apart what dies with it."""
        assert self._boundary is not None
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        threading._shutdown()  # type: ignore[attr-defined]  # noqa: SLF001 - what Python itself calls first
        atexit._run_exitfuncs()  # noqa: SLF001 - and second
        sys.last_value = sys.last_traceback = None
        self._boundary.garbage.end()
        # A file that was never closed keeps what was written to it.
        self._files_open.flush()
        os._exit(0)

    async def _run_some(self) -> bool:
        """Run cells; tell at last whether a copy is wanted, else the end."""
        while (frame := await self._asked.get()) is not None:
            if frame.head["do"] == "copy":
                return True
            # One context for all: a context variable set in a cell is set in the next.
            await self._loop.create_task(self._run(frame), context=self._context)
        return False

    def _copy(self, control: int) -> None:
        assert self._boundary is not None
        began = time.perf_counter()
        told: dict[str, Any] = {"type": "copied"}
        try:
            witnesses.note()
            told["process"] = self._boundary.fork(control)
        except NotForkableError as error:
            told["refused"] = str(error)
        finally:
            witnesses.go_on()
        self._channel.finish(told | {"seconds": time.perf_counter() - began})

    def _receive(self) -> None:
        flags = socket.MSG_DONTWAIT | socket.MSG_CMSG_CLOEXEC
        try:
            data, files, *_ = socket.recv_fds(self._connection, 1 << 16, 1, flags)
        except BlockingIOError:
            return
        except OSError:
            data, files = b"", []
        self._files += files
        self._reader.feed(data)
        for frame in self._reader:
            if frame.head["do"] == "comm":
                self._take_comm(frame)
            else:
                self._asked.put_nowait(None if frame.head["do"] == "end" else frame)
        if not data:
            self._loop.remove_reader(self._connection.fileno())
            self._asked.put_nowait(None)

    def _take_comm(self, frame: Frame) -> None:
        """Hand a widget's message to its widget, also while a cell awaits."""
        message = frame.head["message"]
        message["buffers"] = []
        handler = self._kernel.shell_handlers.get(message["msg_type"])
        if handler is not None:
            handler(None, [], message)

    async def _run(self, frame: Frame) -> None:
        kernel = self._kernel
        message = frame.head["message"]
        kernel.set_parent([], message)
        kernel.pre_handler_hook()
        try:
            await kernel.execute_request(None, [], message)
        except KeyboardInterrupt:
            # It came between the user's code and the answer.
            error = {"ename": "KeyboardInterrupt", "evalue": "", "traceback": []}
            kernel.session.send(
                None, "execute_reply", {"status": "error", **error}, message
            )
        finally:
            kernel.post_handler_hook()
        # What C code printed belongs to this cell.
        kinship.flush_c_streams()
        sys.stdout.flush()
        sys.stderr.flush()
        self._channel.finish({"type": "idle", "date": time.time()})


def renew_loop(loop: asyncio.SelectorEventLoop) -> None:
    """Give a forked process's loop what wakes it up, apart from any other's."""
    asyncio.set_event_loop(loop)
    pair: Any = [getattr(loop, name) for name in ("_ssock", "_csock")]
    for ours, new in zip(pair, socket.socketpair(), strict=True):
        new.setblocking(False)  # noqa: FBT003 - of the library
        os.dup2(new.fileno(), ours.fileno(), inheritable=False)
        new.close()
