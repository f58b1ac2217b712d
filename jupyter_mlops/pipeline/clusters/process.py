"""The process of one job: ``python -m jupyter_mlops.pipeline.clusters.process``.

The worker's own process writes the job to its standard input and keeps that open: when
it closes, the worker is gone, and the job ends as if it were interrupted.
"""

from __future__ import annotations

import os
import pickle
import shutil
import signal
import struct
import sys
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from jupyter_mlops.pipeline.clusters.job import Answer
    from jupyter_mlops.pipeline.clusters.mirror import Mirror

LENGTH = struct.Struct("!Q")
ANSWER = "answer"
_INTERRUPTS = 2


def main() -> None:
    """Do the job that comes by standard input in the folder that is named."""
    for number in (signal.SIGINT, signal.SIGTERM):
        # A worker may ignore them, and what it starts would, too.
        signal.signal(number, signal.default_int_handler)
    folder = Path(sys.argv[1])
    orphan = _Orphan(folder)
    mirror = _read(sys.stdin.buffer)
    threading.Thread(target=orphan.wait, daemon=True).start()
    try:
        write_answer(folder, mirror.run())
    finally:
        orphan.clean()


def _read(stdin: BinaryIO) -> Mirror:
    (length,) = LENGTH.unpack(stdin.read(LENGTH.size))
    # Of the process that started this one, by a pipe that nobody else has.
    mirror: Mirror = pickle.loads(stdin.read(length))  # noqa: S301 - see above
    return mirror


def write_answer(folder: Path, answer: Answer) -> None:
    """Write the answer, whole or not at all."""
    with tempfile.NamedTemporaryFile(dir=folder, delete=False) as file:
        file.write(pickle.dumps(answer))
    Path(file.name).replace(folder / ANSWER)


class _Orphan:
    """Notices that nobody waits for the job any more."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._is_one = False

    def wait(self) -> None:
        while os.read(0, 1):
            continue
        self._is_one = True
        for _ in range(_INTERRUPTS):
            os.kill(os.getpid(), signal.SIGINT)

    def clean(self) -> None:
        """Take the job's folder away, if nobody else will."""
        if self._is_one:
            shutil.rmtree(self._folder, ignore_errors=True)


if __name__ == "__main__":
    main()
