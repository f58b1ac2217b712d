"""A notebook's stdout and stderr: text goes straight into the pipe, without a thread.

Every message is announced in both pipes by a marker, so the reader can put text and
messages in the order in which they were written.
"""

from __future__ import annotations

import contextvars
import fcntl
import os
import signal
import sys
import termios
import threading
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any

from ipykernel.iostream import OutStream

from jupyter_mlops.pipeline.worker.markers import marker
from jupyter_mlops.pipeline.worker.wire import frame_bytes

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterator, Sequence

_HELD_BACK = frozenset({
    signal.SIGINT, signal.SIGTERM, signal.SIGALRM, signal.SIGVTALRM, signal.SIGPROF,
    signal.SIGUSR1, signal.SIGUSR2, signal.SIGCHLD, signal.SIGHUP,
})  # fmt: skip
"""Signals whose handlers might leave half a message in the channel."""
_set_mask: Callable[..., set[int]] = getattr(
    import_module("_signal"), "pthread_sigmask", signal.pthread_sigmask
)
"""Without the names that Python gives to all 64 signals each time."""


class Channel:
    """Where a notebook's process posts messages, in order with its text.

    Parameters
    ----------
    connection : socket
        The way to the runner.
    pipes : sequence of int
        The pipes' ends that stdout and stderr write to.
    token : bytes
        What tells a marker from text.
    """

    def __init__(
        self, connection: socket.socket, pipes: Sequence[int], token: bytes
    ) -> None:
        self._connection = connection
        self._pipes = tuple(pipes)
        self._token = token
        self._lock = threading.RLock()
        self._pid = os.getpid()
        self._number = 0
        self._held = b""

    def renew(self, token: bytes) -> None:
        """Begin anew in a forked process, where the same numbers lead elsewhere."""
        self._token = token
        self._lock = threading.RLock()
        self._pid = os.getpid()
        self._number = 0
        self._held = b""

    @property
    def is_ours(self) -> bool:
        """Whether this is the notebook's process itself, none forked from it."""
        return os.getpid() == self._pid

    def post(
        self, head: dict[str, Any], parts: Sequence[bytes | memoryview] = ()
    ) -> None:
        """Post a message; what a forked process would post is dropped."""
        if self.is_ours:
            with self._lock, _undisturbed():
                self._send(head | {"number": self._mark()}, parts)

    def hold(
        self, head: dict[str, Any], parts: Sequence[bytes | memoryview] = ()
    ) -> None:
        """Post a message with the next one: where it stands does not matter."""
        if self.is_ours:
            with self._lock:
                self._held += frame_bytes(head | {"number": 0}, parts)

    def finish(self, head: dict[str, Any]) -> None:
        """Post a message that nobody writes after, until the runner answers it."""
        if self.is_ours:
            with self._lock, _undisturbed():
                # Where all text has been taken already, no marker is needed.
                number = self._mark() if any(map(_fill_of, self._pipes)) else 0
                self._send(head | {"number": number})

    def _send(
        self, head: dict[str, Any], parts: Sequence[bytes | memoryview] = ()
    ) -> None:
        held, self._held = self._held, b""
        self._connection.sendall(held + frame_bytes(head, parts))

    def _mark(self) -> int:
        self._number += 1
        mark = marker(self._token, self._number)
        for pipe in self._pipes:
            os.write(pipe, mark)
        return self._number


def _fill_of(pipe: int) -> int:
    """Count the bytes that a pipe holds."""
    return int.from_bytes(fcntl.ioctl(pipe, termios.FIONREAD, bytes(4)), sys.byteorder)


@contextmanager
def _undisturbed() -> Iterator[None]:
    before = _set_mask(signal.SIG_BLOCK, _HELD_BACK)
    try:
        yield
    finally:
        _set_mask(signal.SIG_SETMASK, before)


class PipeStream(OutStream):
    """A text stream that writes into a pipe; ipykernel's class to whoever asks.

    Parameters
    ----------
    channel : Channel
        Told of flushes.
    stream : int
        0 for stdout, 1 for stderr.
    pipe : int
        Where text goes.
    """

    def __init__(self, channel: Channel, stream: int, pipe: int) -> None:
        # OutStream's own constructor starts threads and sockets.
        self._channel = channel
        self._stream = stream
        self._pipe = pipe
        self._is_changed = False
        self._is_closed = False
        self._local = threading.local()
        self._parent_header: contextvars.ContextVar[dict[str, Any]] = (
            contextvars.ContextVar("parent_header")
        )
        self._parent_header_global: dict[str, Any] = {}
        self.name = ("stdout", "stderr")[stream]
        self.topic = b"stream." + self.name.encode()
        self.echo = None
        self.session = None
        self.pub_thread = None
        self._isatty = False

    @property
    def closed(self) -> bool:
        """Whether it is closed."""
        return self._is_closed

    def close(self) -> None:
        """Refuse further text."""
        self._is_closed = True

    def fileno(self) -> int:
        """Return the pipe: what is written to it shows like other text."""
        return self._pipe

    def write(self, string: Any) -> int:
        """Write text."""
        if not isinstance(string, str):
            message = f"write() argument must be str, not {type(string)}"
            raise TypeError(message)
        if self._is_closed:
            raise ValueError("I/O operation on closed file")
        data = string.encode("utf-8", "replace")
        self._is_changed = True
        written = os.write(self._pipe, data)
        while written < len(data):
            data = data[written:]
            written = os.write(self._pipe, data)
        return len(string)

    def flush(self) -> None:
        """Have later text of this stream stand behind what others wrote before."""
        if self._is_changed:
            self._is_changed = False
            self._channel.post({"type": "flush", "stream": self._stream})
