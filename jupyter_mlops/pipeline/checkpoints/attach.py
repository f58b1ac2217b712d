"""The state that a notebook failed in, opened as a live kernel."""

from __future__ import annotations

import os
import select
import socket
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jupyter_mlops import errors
from jupyter_mlops.pipeline.checkpoints.checkpoint import FAILED
from jupyter_mlops.pipeline.checkpoints.keeping import (
    borrow,
    hand_over,
    held_copies,
    open_kernels,
)
from jupyter_mlops.pipeline.worker.address import parent_folder
from jupyter_mlops.pipeline.worker.markers import TOKEN_BYTES
from jupyter_mlops.pipeline.worker.sleeper import Waking
from jupyter_mlops.pipeline.worker.wire import FrameReader

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlops.ids import RunId
    from jupyter_mlops.pipeline.checkpoints.checkpoint import Checkpoint

_PATIENCE_SECONDS = 30.0


@dataclass(frozen=True, kw_only=True)
class AttachedKernel:
    """A live kernel.

    Attributes
    ----------
    run : RunId
        Whose state it holds.
    file : Path
        How to connect to it.
    after : bool
        It is the state after the cell that failed; else before the last copy.
    cells : int
        How many cells had run by then without fault.
    idle_minutes : float
        How long it lives when it has nothing to do.
    is_new : bool
        It was opened just now, and not before.
    """

    run: RunId
    file: Path
    after: bool
    cells: int
    process: int
    idle_minutes: float
    is_new: bool = True


def open_kernel(run: RunId, *, notebook: str, seconds: float) -> AttachedKernel:
    """Wake a copy of the state that a run failed in, as a kernel.

    Parameters
    ----------
    notebook : str
        The run's notebook, for the error.
    seconds : float
        How long the kernel may be idle before it ends.

    Raises
    ------
    NoCheckpointError
        When no copy is held any more.
    """
    for told in open_kernels():
        if told["run"] == run:
            return _described(told, is_new=False)
    for checkpoint in _by_use(held_copies(run)):
        found = _woken(checkpoint, run, seconds)
        if found is not None:
            return _described(found, is_new=True)
    raise errors.NoCheckpointError(
        f"No state of run {run} is held in memory: it did not fail, or took no "
        f"checkpoint (see 'jupyter mlops show {run}'), or its time is over. Run "
        f"{notebook or 'the notebook'} again; it is held when it fails.",
        run_id=run,
    )


def kernel_folder() -> Path:
    """Return the folder of connection files, which no one else can enter."""
    folder = parent_folder() / "kernels"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def _by_use(held: list[Checkpoint]) -> list[Checkpoint]:
    """Put what shows the failure first, then the latest."""
    return sorted(held, key=lambda item: (item.kind != FAILED, -item.position))


def _woken(checkpoint: Checkpoint, run: RunId, seconds: float) -> dict[str, Any] | None:
    sleeper = borrow(checkpoint)
    if sleeper is None:
        return None
    # A name of its own: two may open the same state at once.
    file = kernel_folder() / f"kernel-{run}-{os.urandom(2).hex()}.json"
    ours, theirs = socket.socketpair()
    null = os.open(os.devnull, os.O_WRONLY)
    try:
        waking = Waking(sleeper.control, kernel=str(file))
        files = [theirs.fileno(), null, null]
        guardian = waking.start(os.urandom(TOKEN_BYTES), files)
    except OSError:
        ours.close()
        return None
    finally:
        sleeper.close()
        theirs.close()
        os.close(null)
    with ours, guardian:
        process = _wait_until_ready(ours)
        told = {
            "run": run,
            "process": process,
            "file": str(file),
            "seconds": seconds,
            "kind": checkpoint.kind,
            "cells": checkpoint.position,
        }
        if not process or not hand_over(guardian, told):
            return None
    return told


def _wait_until_ready(channel: socket.socket) -> int:
    """Return the kernel's process, 0 when it does not come."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    reader = FrameReader()
    while (left := deadline - time.monotonic()) > 0:
        if not select.select([channel], [], [], left)[0]:
            break
        data = channel.recv(1 << 12)
        if not data:
            break
        reader.feed(data)
        for frame in reader:
            if frame.head["type"] == "ready":
                return int(frame.head["pid"])
    return 0


def _described(told: dict[str, Any], *, is_new: bool) -> AttachedKernel:
    from pathlib import Path

    from jupyter_mlops.ids import RunId

    return AttachedKernel(
        run=RunId(told["run"]),
        file=Path(told["file"]),
        after=told["kind"] == FAILED,
        cells=int(told["cells"]),
        process=int(told["process"]),
        idle_minutes=float(told["seconds"]) / 60,
        is_new=is_new,
    )
