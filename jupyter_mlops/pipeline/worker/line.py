"""The runner's line to a notebook's process: it starts the parent if there is none."""

from __future__ import annotations

import contextlib
import fcntl
import importlib.util
import os
import socket
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from jupyter_mlops.pipeline.worker import kinship
from jupyter_mlops.pipeline.worker.address import parent_folder, parent_key
from jupyter_mlops.pipeline.worker.markers import TOKEN_BYTES
from jupyter_mlops.pipeline.worker.service import reach
from jupyter_mlops.pipeline.worker.surroundings import surroundings
from jupyter_mlops.pipeline.worker.wire import (
    FrameReader,
    frame_bytes,
    send_with_files,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jupyter_mlops.pipeline.worker.wire import Frame

_PIPE_BYTES = 1 << 20


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What a notebook's process is to be.

    Attributes
    ----------
    environ : mapping
        Its environment variables.
    folder : str
        Its working directory.
    libraries : list of str
        What may be imported before it begins; see `libraries.libraries_of`.
    idle_seconds : float
        How long a parent started for it waits for another.
    threads : mapping
        Further variables, which bound threads: any parent will do for them.
    memory : int
        Bytes that it may take with all that it starts; 0: all there are.
    """

    environ: Mapping[str, str]
    folder: str
    libraries: list[str]
    idle_seconds: float
    threads: Mapping[str, str] = field(default_factory=dict)
    memory: int = 0

    def start(self, token: bytes, files: list[int]) -> socket.socket:
        """Have the process forked by a warm one; return the line to its guardian."""
        request = {
            "environ": {**self.environ, **self.threads},
            "threads": dict(self.threads),
            "folder": self.folder,
            "libraries": self.libraries,
            "surroundings": surroundings(),
            "token": token.hex(),
            "argv": _argv(),
        }
        guardian = _connect(self)
        try:
            send_with_files(guardian, request, files)
        except BaseException:
            guardian.close()
            raise
        return guardian


class Start(Protocol):
    """Has a notebook's process started, as `Wish` and `sleeper.Waking` do."""

    @property
    def memory(self) -> int:
        """Bytes that it may take with all that it starts; 0: all there are."""

    def start(self, token: bytes, files: list[int]) -> socket.socket:
        """Start it with channel and pipes; return the line to its guardian."""


class Line:
    """The runner's ends of everything that leads to one notebook's process.

    Attributes
    ----------
    guardian, channel : socket
        To the notebook's guardian, and to its own process.
    pipes : tuple of int
        What it writes to stdout and stderr.
    token : bytes
        Tells markers in the pipes from text.
    process : int
        Its id, once it has said so.
    """

    def __init__(self, start: Start) -> None:
        self.token = os.urandom(TOKEN_BYTES)
        self.process = 0
        self.channel, their_channel = socket.socketpair()
        pipes = [os.pipe() for _ in range(2)]
        self.pipes = tuple(read for read, _ in pipes)
        theirs = [their_channel.fileno(), *(write for _, write in pipes)]
        try:
            for pipe in self.pipes:
                os.set_blocking(pipe, False)
                with contextlib.suppress(OSError):
                    fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
            self.guardian = start.start(self.token, theirs)
        except BaseException:
            self._close_ours()
            raise
        finally:
            their_channel.close()
            for _, write in pipes:
                os.close(write)
        self._frames = FrameReader()

    @property
    def numbers(self) -> tuple[int, ...]:
        """What becomes readable when there is something new."""
        return (self.guardian.fileno(), self.channel.fileno(), *self.pipes)

    def post(self, head: dict[str, Any]) -> None:
        """Send the notebook's process a message; one that is gone needs none."""
        with contextlib.suppress(OSError):
            self.channel.sendall(frame_bytes(head))

    def post_with_file(self, head: dict[str, Any], number: int) -> None:
        """Send a message with an open file; it stays open here."""
        with contextlib.suppress(OSError):
            send_with_files(self.channel, head, [number])

    def signal(self, number: int) -> None:
        """Have the notebook's process, and what it started, get a signal."""
        with contextlib.suppress(OSError):
            self.guardian.sendall(frame_bytes({"signal": int(number)}))

    def receive(self) -> list[Frame] | None:
        """Return the messages that have come; None when none will."""
        try:
            data = self.channel.recv(1 << 20, socket.MSG_DONTWAIT)
        except BlockingIOError:
            return []
        except OSError:
            return None
        if not data:
            return None
        self._frames.feed(data)
        return list(self._frames)

    def ending(self) -> int | None:
        """Return how the process ended, when its guardian has something to say.

        A guardian that was killed says nothing, and its notebook was, too.
        """
        reader = FrameReader()
        with contextlib.suppress(OSError):
            while data := self.guardian.recv(1 << 12):
                reader.feed(data)
                for frame in reader:
                    return int(frame.head["ended"])
        return None

    def close(self) -> None:
        """Close it; the guardian, if it still guards, ends all then."""
        self._close_ours()
        self.guardian.close()

    def end_rest(self) -> None:
        """End what is left without a guardian."""
        if self.process:
            kinship.end_session(self.process)

    def _close_ours(self) -> None:
        self.channel.close()
        for pipe in self.pipes:
            os.close(pipe)


def _argv() -> list[str]:
    found = importlib.util.find_spec("ipykernel_launcher")
    return [str(found.origin) if found else "", "-f", os.devnull]


def _connect(wish: Wish) -> socket.socket:
    """Connect to the parent, which is started if there is none."""
    path = parent_folder() / f"{parent_key(wish.environ)}.sock"
    module = "jupyter_mlops.pipeline.worker.parent"

    def command(listener: int) -> list[str]:
        words = [str(listener), str(path), str(wish.idle_seconds)]
        # It forks once it has imported what it needs, so this does not take long.
        return [sys.executable, "-m", module, *words]

    return reach(path, command, wish.environ)
