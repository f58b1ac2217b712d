"""The way to the keeper: for a runner that has copies, and for whoever wants one."""

from __future__ import annotations

import hashlib
import os
import socket
import sys
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from subprocess import SubprocessError
from typing import TYPE_CHECKING, Any

from jupyter_mlops.pipeline.checkpoints.checkpoint import Checkpoint
from jupyter_mlops.pipeline.worker.address import NoPrivatePlaceError, parent_folder
from jupyter_mlops.pipeline.worker.service import reach, try_to_reach
from jupyter_mlops.pipeline.worker.sleeper import Sleeper
from jupyter_mlops.pipeline.worker.wire import (
    frame_bytes,
    receive_with_files,
    send_with_files,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_IDLE_SECONDS = 30.0
_PATIENCE_SECONDS = 10.0
_NEEDED = ("PATH", "PYTHONPATH", "HOME", "LANG")
_COMMAND = """
import os, sys
if os.fork():
    os._exit(0)
from jupyter_mlops.pipeline.checkpoints.keeper import main
main()
"""
"""Forks first: nobody waits until it has imported what it needs."""


class KeeperUnreachableError(Exception):
    """There is no keeper, and none can be started; its text says why."""


@dataclass(frozen=True)
class Terms:
    """On what terms copies are held.

    Attributes
    ----------
    seconds : float
        How long, once their run has gone; 0: none are made.
    budget : int
        Bytes that all copies of this user may take together.
    """

    seconds: float = 0.0
    budget: int = 0

    def keeping(self, run: str) -> Keeping:
        """Return what gives a run's copies to the keeper."""
        return Keeping(run, seconds=self.seconds, budget=self.budget)


class Keeping:
    """A runner's copies, given to the keeper.

    Parameters
    ----------
    run : str
        Whose they are.
    seconds : float
        How long they are held when this is closed, or the runner gone.
    budget : int
        Bytes that all copies of this user may take together.
    """

    def __init__(self, run: str, *, seconds: float, budget: int) -> None:
        self._run = run
        self._seconds = seconds
        self._budget = budget
        self._line: socket.socket | None = None
        self._is_unanswered = False

    def keep(self, sleeper: Sleeper, checkpoint: Checkpoint) -> None:
        """Give a copy to the keeper, which is started if there is none.

        Raises
        ------
        KeeperUnreachableError
            When there is none; the copy ends.
        """
        request = {
            "do": "keep",
            "checkpoint": checkpoint.to_json(),
            "seconds": self._seconds,
            "budget": self._budget,
        }
        with sleeper.control as control:
            try:
                self._send(request, [control.fileno()])
            except (OSError, SubprocessError, NoPrivatePlaceError) as error:
                raise KeeperUnreachableError(f"no keeper: {error}") from error

    def release(self, *others: str) -> None:
        """Let go of all copies of the run: nobody will want to go on from them.

        So with those of other runs, if there are any.
        """
        if self._line is not None:
            for run in (self._run, *others):
                with suppress(OSError):
                    self._send({"do": "release", "run": run}, [])

    def close(self) -> None:
        """Have the copies held for a while from now on."""
        if self._line is not None:
            self._line.close()

    def _send(self, request: dict[str, Any], files: list[int]) -> None:
        if self._line is None:
            self._line = reach_keeper()
            self._line.settimeout(_PATIENCE_SECONDS)
        if self._is_unanswered:
            receive_with_files(self._line, 1)
        # The answer is waited for before the next request only: there is time.
        self._is_unanswered = True
        send_with_files(self._line, request, files)


def held_copies(run: str) -> list[Checkpoint]:
    """List the copies of a run that still sleep, the earliest first."""
    told = _ask({"do": "list", "run": run})
    found = [Checkpoint.from_json(item) for item in (told or {}).get("found", [])]
    return sorted(found, key=lambda item: item.position)


def release_copies(run: str) -> None:
    """Let go of all copies of a run."""
    _ask({"do": "release", "run": run})


def open_kernels() -> list[dict[str, Any]]:
    """List the kernels that were opened from copies: run, process, file."""
    return list((_ask({"do": "list", "run": ""}) or {}).get("kernels", []))


def borrow(checkpoint: Checkpoint) -> Sleeper | None:
    """Return a hold of a copy, None when it has ended."""
    request = {"do": "lend", "run": checkpoint.run, "process": checkpoint.process}
    with _line_to_keeper() as line:
        if line is None:
            return None
        received = _exchange(line, request)
    if received is None or not received[1]:
        return None
    control = socket.socket(fileno=received[1][0])
    os.set_inheritable(control.fileno(), False)  # noqa: FBT003 - of the library
    return Sleeper(control, checkpoint.process, checkpoint.seconds)


def hand_over(guardian: socket.socket, kernel: Mapping[str, Any]) -> bool:
    """Have the keeper hold the line to an opened kernel's guardian."""
    with _line_to_keeper() as line:
        if line is None:
            return False
        line.settimeout(_PATIENCE_SECONDS)
        with suppress(OSError):
            request = {"do": "open", "kernel": dict(kernel)}
            send_with_files(line, request, [guardian.fileno()])
            return receive_with_files(line, 1) is not None
    return False


def reach_keeper() -> socket.socket:
    """Connect to the keeper, which is started if there is none."""
    path = _path()

    def command(listener: int) -> list[str]:
        words = [str(listener), str(path), str(_IDLE_SECONDS)]
        return [sys.executable, "-c", _COMMAND, *words]

    environ = {name: os.environ[name] for name in _NEEDED if name in os.environ}
    return reach(path, command, environ)


@contextmanager
def _line_to_keeper() -> Iterator[socket.socket | None]:
    """Lend the way to a keeper that is there; None when there is none."""
    line = None
    with suppress(NoPrivatePlaceError):
        line = try_to_reach(_path())
    try:
        yield line
    finally:
        if line is not None:
            line.close()


def _ask(request: dict[str, Any]) -> dict[str, Any] | None:
    with _line_to_keeper() as line:
        received = None if line is None else _exchange(line, request)
    return None if received is None else received[0]


def _exchange(
    line: socket.socket, request: dict[str, Any]
) -> tuple[dict[str, Any], list[int]] | None:
    line.settimeout(_PATIENCE_SECONDS)
    with suppress(OSError):
        line.sendall(frame_bytes(request))
        return receive_with_files(line, 1)
    return None


def _path() -> Path:
    """Say where the keeper of this installation listens."""
    here = Path(__file__).parent
    files = sorted([*here.glob("*.py"), *(here.parent / "worker").glob("*.py")])
    # Of one interpreter there are several names: ``python`` runs what ``python3`` looks
    # for.
    told = [sys.prefix, os.path.realpath(sys.executable), os.getuid()]
    told += [(file.name, file.stat().st_mtime_ns) for file in files]
    key = hashlib.sha256(repr(told).encode()).hexdigest()[:20]
    return parent_folder() / f"keeper-{key}.sock"
