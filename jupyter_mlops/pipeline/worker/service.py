"""Processes that wait at a socket in this user's folder: reached, started if need be.

Standard library only.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import socket
import struct
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    Command = Callable[[int], list[str]]
    """Makes the command to start it with, given the number of its listening socket."""


def reach(path: Path, command: Command, environ: Mapping[str, str]) -> socket.socket:
    """Connect to the process that listens at `path`; start it if there is none.

    The command must come to its end once the process listens in the background.

    Raises
    ------
    OSError, subprocess.SubprocessError
        When it cannot be reached, nor started.
    """
    found = try_to_reach(path)
    if found is not None:
        return found
    with _lock(path.parent):
        found = try_to_reach(path)
        if found is None:
            _sweep(path.parent)
            _start(path, command, environ)
            found = try_to_reach(path)
    if found is None:
        raise OSError(f"nothing listens at {path}")
    return found


def try_to_reach(path: Path) -> socket.socket | None:
    """Connect to the process that listens at `path`, if there is one."""
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        with _short(path) as short:
            line.connect(short)
    except OSError:
        line.close()
        return None
    return line


def user_of(connection: socket.socket) -> int:
    """Tell which user is at the other end."""
    size = struct.calcsize("3i")
    found = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size)
    user: int = struct.unpack("3i", found)[1]
    return user


def listen_on(number: int) -> socket.socket:
    """Take the socket that `reach` passed on; no terminal's signals reach us then."""
    listener = socket.socket(fileno=number)
    os.set_inheritable(listener.fileno(), False)  # noqa: FBT003 - of the library
    os.setsid()
    for ignored in (signal.SIGINT, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    return listener


def mark_of(path: Path) -> tuple[int, int] | None:
    """Tell the socket at `path` from one that was put there later."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


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
    """Keep others of this user from starting one at the same time."""
    # The folder itself is locked: no file is left.
    number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(number, fcntl.LOCK_EX)
        yield
    finally:
        os.close(number)


def _sweep(folder: Path) -> None:
    """Take away the sockets of processes that were killed."""
    for path in folder.glob("*.sock"):
        line = try_to_reach(path)
        if line is None:
            path.unlink(missing_ok=True)
        else:
            line.close()


def _start(path: Path, command: Command, environ: Mapping[str, str]) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        with _short(path) as short:
            listener.bind(short)
        path.chmod(0o600)
        listener.listen(64)
        number = listener.fileno()
        subprocess.run(
            command(number),
            pass_fds=[number],
            env=dict(environ),
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            check=True,
        )
