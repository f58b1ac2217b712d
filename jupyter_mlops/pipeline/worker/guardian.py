"""The process between a notebook's and everything else: nothing outlives it.

It starts the notebook's process, passes on signals, and when that process ends, or the
runner is gone, ends whatever is left of it, however far it went away.
"""

from __future__ import annotations

import os
import select
import signal
import socket
import sys
import traceback
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from jupyter_mlops.pipeline.worker import kinship
from jupyter_mlops.pipeline.worker.wire import FrameReader, close_files, frame_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    BeNotebook = Callable[[dict[str, Any], list[int]], None]
    """Is a notebook's process, given what the runner asks for, channel and pipes."""


def guard_notebook(
    be_notebook: BeNotebook, request: dict[str, Any], files: list[int]
) -> NoReturn:
    """Be the guardian of one notebook; `files` are the runner's line and the rest.

    Called in a forked process, which it ends: when the notebook's process and all its
    copies have.
    """
    try:
        kinship.take_name(kinship.GUARDIAN)
        # Of its own group: an interrupt at the runner's terminal is the runner's.
        os.setsid()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        kinship.adopt_orphans()
        guardian = os.getpid()
        process = os.fork()
        if process == 0:
            _be_the_notebook(be_notebook, request, files, guardian)
        close_files(files[1:])
        with socket.socket(fileno=files[0]) as line:
            status = _watch(line, process)
            kinship.reap_orphans()
            _remove(request.get("files", ()))
            with suppress(OSError):
                line.sendall(frame_bytes({"ended": status}))
        kinship.outlast_copies()
    except BaseException:  # noqa: BLE001 - nobody is there to take it
        traceback.print_exc(file=sys.__stderr__)
    finally:
        os._exit(0)


def _remove(files: Iterable[str]) -> None:
    """Remove what a kernel of clients would have removed at its own end."""
    for file in files:
        for place in Path(file).parent.glob(f"{Path(file).stem}*"):
            with suppress(OSError):
                place.unlink()


def _be_the_notebook(
    be_notebook: BeNotebook, request: dict[str, Any], files: list[int], guardian: int
) -> NoReturn:
    status = 1
    try:
        kinship.take_name("")
        os.close(files[0])
        os.setsid()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        kinship.end_with_parent(guardian)
        be_notebook(request, files[1:])
        status = 0
    except BaseException:  # noqa: BLE001 - nobody is there to take it
        traceback.print_exc(file=sys.__stderr__)
    finally:
        os._exit(status)


def _watch(line: socket.socket, process: int) -> int:
    """Pass on signals until the process has ended; return how it did."""
    ending = os.pidfd_open(process)
    reader = FrameReader()
    poll = select.poll()
    poll.register(line, select.POLLIN)
    poll.register(ending, select.POLLIN)
    while True:
        ready = {number for number, _ in poll.poll()}
        if ending in ready:
            os.close(ending)
            _, status = os.waitpid(process, 0)
            return os.waitstatus_to_exitcode(status)
        data = b""
        with suppress(OSError):
            data = line.recv(1 << 16)
        reader.feed(data)
        for frame in reader:
            with suppress(OSError):
                os.killpg(process, frame.head["signal"])
        if not data:
            # Whoever asked for it is gone.
            poll.unregister(line)
            with suppress(OSError):
                os.killpg(process, signal.SIGKILL)
