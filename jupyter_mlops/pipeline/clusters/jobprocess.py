"""The process of a job at its worker: started, followed, its answer read."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Self

from jupyter_mlops.ids import is_run_id
from jupyter_mlops.pipeline.clusters.mirror import RUN, Mirror
from jupyter_mlops.pipeline.clusters.process import ANSWER, LENGTH
from jupyter_mlops.pipeline.sweeps.curve import FollowedCurve
from jupyter_mlops.store.layout import Layout

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jupyter_mlops.pipeline.clusters.job import Answer, Curve, Job

_LOOK = 1.0
"""Seconds between two looks whether the job is still wanted, and at its metric."""
_MOST_POINTS = 500
"""Of a curve, told at once: the scheduler keeps for a while what it passes on."""
_LAST_LINES = 5
_PROCESS = "jupyter_mlops.pipeline.clusters.process"
_PROJECT = "project"


class JobProcess:
    """One process, in a folder of its own that goes when it has ended."""

    def __init__(self, job: Job, folder: Path, mirror: Mirror) -> None:
        self._folder = folder
        self._watch = job.watch
        self._curve: FollowedCurve | None = None
        self._process = _start(folder, mirror)

    @classmethod
    @contextmanager
    def started(cls, job: Job, place: str, worker: str, jobs: int) -> Iterator[Self]:
        """Start it.

        Parameters
        ----------
        place : str
            Where its folder is to be.
        worker : str
            The worker's address.
        jobs : int
            How many jobs the worker may run at once.
        """
        with _scratch(place) as folder:
            # What is recorded names places: one name for each.
            root = folder / _PROJECT
            root.mkdir()
            yield cls(job, folder, Mirror(job, root, worker, jobs))

    def interrupt(self) -> None:
        """Interrupt it."""
        self._process.send_signal(signal.SIGINT)

    def follow(
        self, *, is_wanted: Callable[[], bool], tell: Callable[[Curve], object]
    ) -> None:
        """Wait for its end; when nobody wants its job any more, let go of it.

        Parameters
        ----------
        tell : callable
            Told how the metric grows that `Job.watch` names.
        """
        process = self._process
        while process.poll() is None:
            with suppress(subprocess.TimeoutExpired):
                process.wait(_LOOK)
            if not is_wanted() and process.stdin is not None:
                process.stdin.close()
            if self._watch and (curve := self._grown()):
                tell(curve)
        if process.stdin is not None:
            with suppress(OSError):
                process.stdin.close()

    def answer(self) -> Answer:
        """Return what it came to, when it has ended."""
        file = self._folder / ANSWER
        if file.exists():
            # Written by the process that this one started.
            found: Answer = pickle.loads(file.read_bytes())  # noqa: S301 - see above
            return found
        said = (self._folder / "said").read_text(errors="replace").splitlines()
        raise RuntimeError(
            f"the job's process ended with {self._process.returncode}: "
            + " | ".join(said[-_LAST_LINES:])
        )

    def _grown(self) -> Curve:
        """Return the points that the watched metric has got since."""
        if self._curve is None:
            file = self._folder / RUN
            run_id = file.read_text() if file.exists() else ""
            if not is_run_id(run_id):
                return []
            journals = Layout(self._folder / _PROJECT).journal_folder(run_id)
            self._curve = FollowedCurve(journals, self._watch)
        # That it cannot be watched is no reason to end it.
        with suppress(OSError):
            return self._curve.news()[-_MOST_POINTS:]
        return []


def _start(folder: Path, mirror: Mirror) -> subprocess.Popen[bytes]:
    data = pickle.dumps(mirror)
    with (folder / "said").open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", _PROCESS, folder],
            stdin=subprocess.PIPE,
            stdout=said,
            stderr=said,
            cwd=folder,
            start_new_session=True,
        )
    assert process.stdin is not None, "it is a pipe"
    with suppress(BrokenPipeError):
        process.stdin.write(LENGTH.pack(len(data)) + data)
        process.stdin.flush()
    return process


@contextmanager
def _scratch(folder: str) -> Iterator[Path]:
    Path(folder).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(
        prefix="mlops-", dir=folder, ignore_cleanup_errors=True
    ) as place:
        yield Path(os.path.realpath(place))
