"""The runner's line to a notebook's process: it starts the parent if there is none."""

from __future__ import annotations

import contextlib
import fcntl
import importlib.util
import os
import socket
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jupyter_mlops.pipeline.worker import kinship
from jupyter_mlops.pipeline.worker.address import parent_folder, parent_key
from jupyter_mlops.pipeline.worker.markers import TOKEN_BYTES
from jupyter_mlops.pipeline.worker.surroundings import surroundings
from jupyter_mlops.pipeline.worker.wire import (
    FrameReader,
    frame_bytes,
    send_with_files,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

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
    """

    environ: Mapping[str, str]
    folder: str
    libraries: list[str]
    idle_seconds: float


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

    def __init__(self, wish: Wish) -> None:
        self.token = os.urandom(TOKEN_BYTES)
        self.process = 0
        self.channel, their_channel = socket.socketpair()
        pipes = [os.pipe() for _ in range(2)]
        self.pipes = tuple(read for read, _ in pipes)
        theirs = [their_channel.fileno(), *(write for _, write in pipes)]
        request = {
            "environ": dict(wish.environ),
            "folder": wish.folder,
            "libraries": wish.libraries,
            "surroundings": surroundings(),
            "token": self.token.hex(),
            "argv": _argv(),
        }
        try:
            for pipe in self.pipes:
                os.set_blocking(pipe, False)
                with contextlib.suppress(OSError):
                    fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
            self.guardian = _connect(wish)
            send_with_files(self.guardian, request, theirs)
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
    folder = parent_folder()
    path = folder / f"{parent_key(wish.environ)}.sock"
    found = _try_to_connect(path)
    if found is not None:
        return found
    with _lock(folder):
        found = _try_to_connect(path)
        if found is None:
            _sweep(folder)
            _start_parent(path, wish)
            found = _try_to_connect(path)
    if found is None:
        raise OSError(f"no parent listens at {path}")
    return found


def _try_to_connect(path: Path) -> socket.socket | None:
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        with _short(path) as short:
            line.connect(short)
    except OSError:
        line.close()
        return None
    return line


@contextlib.contextmanager
def _short(path: Path) -> Iterator[str]:
    """Lend a name for a socket's path that is never too long for one."""
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)


@contextlib.contextmanager
def _lock(folder: Path) -> Iterator[None]:
    """Keep others of this user from starting a parent at the same time."""
    # The folder itself is locked: no file is left.
    number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(number, fcntl.LOCK_EX)
        yield
    finally:
        os.close(number)


def _sweep(folder: Path) -> None:
    """Take away the sockets of parents that were killed."""
    for path in folder.glob("*.sock"):
        line = _try_to_connect(path)
        if line is None:
            path.unlink(missing_ok=True)
        else:
            line.close()


def _start_parent(path: Path, wish: Wish) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        with _short(path) as short:
            listener.bind(short)
        path.chmod(0o600)
        listener.listen(64)
        number = listener.fileno()
        module = "jupyter_mlops.pipeline.worker.parent"
        # It forks once it has imported what it needs, so this does not take long.
        subprocess.run(
            [sys.executable, "-m", module, str(number), path, str(wish.idle_seconds)],
            pass_fds=[number],
            env=dict(wish.environ),
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            check=True,
        )
