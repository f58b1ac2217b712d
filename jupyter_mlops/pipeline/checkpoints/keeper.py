"""The keeper: holds copies of notebooks' processes when their runners have gone.

One process for each user and installation, started by the first runner that has a copy
to keep. When it ends, however it does, all copies end. Standard library only.
"""

from __future__ import annotations

import contextlib
import os
import select
import socket
import sys
import time
from pathlib import Path
from typing import Any

from jupyter_mlops.pipeline.checkpoints.checkpoint import Checkpoint
from jupyter_mlops.pipeline.checkpoints.opened import OpenedKernel
from jupyter_mlops.pipeline.checkpoints.shelf import Held, Shelf
from jupyter_mlops.pipeline.worker.service import listen_on, mark_of, user_of
from jupyter_mlops.pipeline.worker.wire import (
    close_files,
    frame_bytes,
    receive_with_files,
    send_with_files,
)

_TICK_SECONDS = 2.0
_RELIEF_SECONDS = 0.1
"""How long a copy that was let go of is given to end, before memory is looked at."""
_WEIGH_SECONDS = 15.0
_PATIENCE_SECONDS = 5.0


class Keeper:
    """Serves runners and verbs, until nothing is held for a while.

    Parameters
    ----------
    listener : socket
        Where they connect.
    path : Path
        Its place; when something else is there, nobody comes here any more.
    idle_seconds : float
        How long it waits with nothing held.
    """

    def __init__(
        self, listener: socket.socket, path: Path, idle_seconds: float
    ) -> None:
        self._listener = listener
        self._path = path
        self._mark = mark_of(path)
        self._idle_seconds = idle_seconds
        self._shelf = Shelf()
        self._lines: dict[int, socket.socket] = {}
        self._runs: dict[int, str] = {}
        self._kernels: dict[int, OpenedKernel] = {}
        self._poll = select.poll()
        self._used = time.monotonic()
        self._weigh_at = 0.0

    def serve(self) -> None:
        """Serve."""
        self._poll.register(self._listener, select.POLLIN)
        wait = _TICK_SECONDS
        while self._goes_on():
            for number, _ in self._poll.poll(wait * 1000):
                self._see(number)
            wait = self._tend()
        if mark_of(self._path) == self._mark:
            self._path.unlink(missing_ok=True)

    def _goes_on(self) -> bool:
        if len(self._shelf) or self._lines or self._kernels:
            self._used = time.monotonic()
        is_idle = time.monotonic() - self._used > self._idle_seconds
        return not is_idle and (mark_of(self._path) == self._mark or bool(self._shelf))

    def _tend(self) -> float:
        """Let go of what must go; return the seconds until the next look."""
        now = time.monotonic()
        self._forget(self._shelf.over(now))
        for number, kernel in list(self._kernels.items()):
            if kernel.is_over(now):
                self._end_kernel(number)
        if now >= self._weigh_at:
            self._forget(self._shelf.weigh())
            # Looking at large processes takes long: at most a hundredth of the time.
            self._weigh_at = now + max(_WEIGH_SECONDS, 100 * (time.monotonic() - now))
        gone = self._shelf.relieve()
        self._forget(gone)
        return _RELIEF_SECONDS if gone else _TICK_SECONDS

    def _see(self, number: int) -> None:
        if number == self._listener.fileno():
            self._accept()
        elif number in self._lines:
            self._hear(number)
        elif number in self._kernels:
            self._end_kernel(number)
        else:
            # A copy has nothing to say: it has ended.
            self._shelf.drop(number)
            self._forget([number])

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            line, _ = self._listener.accept()
            if user_of(line) != os.getuid():
                line.close()
                return
            line.settimeout(_PATIENCE_SECONDS)
            self._lines[line.fileno()] = line
            self._poll.register(line, select.POLLIN)

    def _hear(self, number: int) -> None:
        line = self._lines[number]
        received = None
        with contextlib.suppress(OSError, ValueError):
            received = receive_with_files(line, 1)
        if received is None:
            self._hang_up(number)
            return
        request, files = received
        with contextlib.suppress(OSError, KeyError, TypeError):
            answer = getattr(self, f"_{request['do']}_asked")
            answer(line, request, files)

    def _hang_up(self, number: int) -> None:
        self._poll.unregister(number)
        self._lines.pop(number).close()
        run = self._runs.pop(number, None)
        if run is not None:
            self._shelf.leave(run, time.monotonic())

    def _keep_asked(
        self, line: socket.socket, request: dict[str, Any], files: list[int]
    ) -> None:
        """Hold a copy for as long as this line is open, and a while longer."""
        control = socket.socket(fileno=files[0])
        checkpoint = Checkpoint.from_json(request["checkpoint"])
        self._runs[line.fileno()] = checkpoint.run
        # A runner that was killed meanwhile hears nothing; its copy is kept.
        with contextlib.suppress(OSError):
            line.sendall(frame_bytes({"kept": checkpoint.run}))
        self._forget(
            self._shelf.put(
                Held(checkpoint, control, request["seconds"], request["budget"])
            )
        )
        if control.fileno() >= 0:
            self._poll.register(control, 0)

    def _release_asked(
        self, line: socket.socket, request: dict[str, Any], files: list[int]
    ) -> None:
        close_files(files)
        numbers = self._shelf.numbers_of(request["run"])
        for number in numbers:
            self._shelf.drop(number)
        self._forget(numbers)
        line.sendall(frame_bytes({"released": len(numbers)}))

    def _list_asked(
        self, line: socket.socket, request: dict[str, Any], files: list[int]
    ) -> None:
        close_files(files)
        self._forget(self._shelf.over(time.monotonic()))
        found = [
            held.checkpoint.to_json() for held in self._shelf.of_run(request["run"])
        ]
        kernels = [item.told for item in self._kernels.values()]
        line.sendall(frame_bytes({"found": found, "kernels": kernels}))

    def _lend_asked(
        self, line: socket.socket, request: dict[str, Any], files: list[int]
    ) -> None:
        """Hand out a further hold of a copy."""
        close_files(files)
        for held in self._shelf.of_run(request["run"]):
            if held.checkpoint.process == request["process"]:
                send_with_files(line, {"lent": True}, [held.control.fileno()])
                return
        line.sendall(frame_bytes({"lent": False}))

    def _open_asked(
        self, line: socket.socket, request: dict[str, Any], files: list[int]
    ) -> None:
        """Hold the guardian's line of a kernel that somebody opened."""
        guardian = socket.socket(fileno=files[0])
        self._kernels[guardian.fileno()] = OpenedKernel(guardian, request["kernel"])
        self._poll.register(guardian, select.POLLIN)
        line.sendall(frame_bytes({"opened": True}))

    def _end_kernel(self, number: int) -> None:
        self._poll.unregister(number)
        self._kernels.pop(number).end()

    def _forget(self, numbers: list[int]) -> None:
        for number in numbers:
            with contextlib.suppress(KeyError):
                self._poll.unregister(number)


def main() -> None:
    """Be the keeper: arguments are the listening socket, its path, the idle seconds."""
    listener = listen_on(int(sys.argv[1]))
    Keeper(listener, Path(sys.argv[2]), float(sys.argv[3])).serve()
    os._exit(0)
