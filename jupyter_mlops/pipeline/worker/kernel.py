"""IPython's own kernel and shell, without sockets and threads.

The classes are ipykernel's, so that whatever looks at them finds what it knows; what
would open a socket, start a thread or write a file is left out.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
import threading
import uuid
from contextlib import contextmanager
from datetime import datetime
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from jupyter_client.session import Session
from tornado.ioloop import IOLoop

from jupyter_mlops.pipeline.worker.transformer import RememberingTransform

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jupyter_mlops.pipeline.worker.streams import Channel


_NOWHERE = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - for as long as the process lives
_KNOWN = frozenset({"execute_input", "status"})
"""Messages that tell the runner nothing new."""


_SIGINT = int(signal.SIGINT)
_set_handler: Callable[[int, Any], Any] = getattr(
    import_module("_signal"), "signal", signal.signal
)
"""Without the search for the name of a handler, twice for each cell."""


class ChannelSession(Session):
    """Sends each message into a channel, in place of a socket."""

    channel: Channel | None = None

    def send(  # noqa: PLR0917 - the signature of Session.send
        self,
        stream: Any,  # noqa: ARG002 - there is but one way
        msg_or_type: Any,
        content: Any = None,
        parent: Any = None,
        ident: Any = None,  # noqa: ARG002 - nobody subscribes
        buffers: Any = None,
        track: bool = False,  # noqa: ARG002, FBT001, FBT002 - the signature of Session.send
        header: Any = None,
        metadata: Any = None,
    ) -> Any:
        """Send a message."""
        if isinstance(msg_or_type, str) and msg_or_type in _KNOWN:
            return None
        if isinstance(msg_or_type, dict):
            message = msg_or_type
            buffers = buffers or message.get("buffers")
        else:
            message = self.msg(msg_or_type, content, parent, header, metadata)
        kind = message["header"]["msg_type"]
        if self.channel is None or kind in _KNOWN:
            return message
        # The reply is no output: where it stands among text does not matter.
        is_reply = kind == "execute_reply"
        send = self.channel.hold if is_reply else self.channel.post
        send(
            {
                "type": kind,
                "parent": message["parent_header"].get("msg_id"),
                "date": _seconds(message["header"].get("date")),
                "metadata": _plain(self, message.get("metadata")),
            },
            [self.pack(message["content"]), *(buffers or ())],
        )
        return message

    def renew(self, channel: Channel) -> None:
        """Begin anew in a forked process."""
        self.channel = channel
        self.pid = os.getpid()
        self.session = str(uuid.uuid4())


def _seconds(date: Any) -> float | None:
    return date.timestamp() if isinstance(date, datetime) else None


def _plain(session: Session, metadata: Any) -> Any:
    return session.unpack(session.pack(metadata)) if metadata else {}


class WorkerKernel(IPythonKernel):
    """IPython's kernel, driven cell by cell."""

    def _abort_queues(self, subshell_id: str | None = None) -> None:
        """Abort nothing: which cell is next is the runner's to say.

        It is the client's once this is a kernel that clients connect to.
        """
        if self.shell_stream is not None:
            super()._abort_queues(subshell_id)

    def pre_handler_hook(self) -> None:
        """Have an interrupt raise while a message is handled."""
        self.saved_sigint_handler = _set_handler(_SIGINT, signal.default_int_handler)

    def post_handler_hook(self) -> None:
        """Have it do what it did before."""
        _set_handler(_SIGINT, self.saved_sigint_handler)

    @contextmanager
    def _cancel_on_sigint(self, future: asyncio.Future[Any]) -> Iterator[None]:
        """Cancel an awaiting cell at an interrupt, and wake the loop that waits.

        ipykernel's own does not wake it: its cell goes on until something else does.
        """
        loop = asyncio.get_running_loop()

        def handle(*_: object) -> None:
            loop.call_soon_threadsafe(future.cancel)

        before = signal.signal(signal.SIGINT, handle)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)


class WorkerApp(IPKernelApp):
    """Starts the kernel in two steps: what all notebooks share, then one's own.

    The first, `initialize`, is taken once, before the fork; the second, `begin`, in the
    notebook's process.
    """

    name = "ipython-kernel"
    kernel_class = WorkerKernel

    def init_connection_file(self) -> None:
        """Leave out."""

    def init_sockets(self) -> None:
        """Leave out."""

    def init_heartbeat(self) -> None:
        """Leave out."""

    def write_connection_file(self, **_: Any) -> None:
        """Leave out."""

    def log_connection_info(self) -> None:
        """Leave out."""

    def init_poller(self) -> None:
        """Leave out: a guardian looks after the process."""

    def init_io(self) -> None:
        """Leave stdout and stderr for `begin`."""
        self.session = ChannelSession(parent=self, key=os.urandom(16))
        # What this logs belongs in no notebook.
        for handler in self.log.handlers:
            if isinstance(handler, logging.StreamHandler):
                handler.setStream(_NOWHERE)
        # Nor is it made, as it would be at the level of a log that filters by handler.
        self.log.setLevel(logging.WARNING)
        self.patch_io()

    def init_signal(self) -> None:
        """Leave signals for `begin`."""

    def init_kernel(self) -> None:
        """Make kernel and shell."""
        kernel = self.kernel_class.instance(
            parent=self,
            session=self.session,
            log=self.log,
            profile_dir=self.profile_dir,
            user_ns=self.user_ns,
        )
        kernel.shell_channel_thread = None
        # A wait after each cell, for sockets that there are not here.
        kernel._execute_sleep = 0.0  # noqa: SLF001 - meant to be configured
        kernel.record_ports({})
        manager = kernel.shell.input_transformer_manager
        manager.transform_cell = RememberingTransform(manager)
        self.kernel = kernel

    def init_path(self) -> None:
        """Leave the rest for `begin`: it hangs on folder and environment."""

    def init_gui_pylab(self) -> None:
        """Leave out."""

    def init_extensions(self) -> None:
        """Load what every kernel loads, and leave the rest for `begin`."""
        if not self.config.StoreMagics.get("autorestore"):
            for name in self.default_extensions:
                self.shell.extension_manager.load_extension(name)

    def init_code(self) -> None:
        """Leave out."""

    def begin(self, channel: Channel, folder: str) -> None:
        """Take the second step, in the process and folder of a notebook."""
        kernel, shell = self.kernel, self.kernel.shell
        self.session.renew(channel)
        kernel.ident = str(uuid.uuid4())
        shell.displayhook.topic = kernel._topic("execute_result")  # noqa: SLF001 - as its constructor does
        shell.init_environment()
        shell.starting_dir = folder
        shell.user_ns["_dh"][:] = [folder]
        if name := os.environ.get("JPY_SESSION_NAME"):
            shell.user_ns["__session__"] = name
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        IPKernelApp.init_path(self)
        IPKernelApp.init_gui_pylab(self)
        IPKernelApp.init_extensions(self)
        IPKernelApp.init_code(self)
        sys.stdout.flush()
        sys.stderr.flush()

    def begin_loop(self) -> None:
        """Give the kernel the loop that runs."""
        kernel = self.kernel
        kernel.io_loop = IOLoop.current()
        # An awaiting cell is interrupted if it runs in this thread.
        kernel.shell_channel_thread = SimpleNamespace(
            parent_thread=threading.current_thread()
        )
