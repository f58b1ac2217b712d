"""The door to dask.distributed: jobs submitted, followed and cancelled.

Where a job runs is the scheduler's to say. That a worker died is its word, too; whether
the job is tried again is ours, so that no attempt goes unrecorded.
"""

from __future__ import annotations

import os
import pickle
import queue
import signal
import subprocess
import sys
import tempfile
import uuid
import warnings
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from jupyter_mlops import errors
from jupyter_mlops.pipeline.clusters.job import Answer
from jupyter_mlops.pipeline.clusters.mirror import Mirror
from jupyter_mlops.pipeline.clusters.process import ANSWER, LENGTH

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_mlops.pipeline.clusters.job import Job

SCHEME = "dask://"
_SCHEMES = (
    SCHEME,
    "tcp://",
    "tls://",
    "ws://",
    "wss://",
    "ucx://",
    "ucxx://",
    "inproc://",
)
_PATIENCE = 10
"""Seconds to wait for the scheduler."""
_LOOK = 1.0
"""Seconds between two looks, at a worker, whether its job is still wanted."""
_LAST_LINES = 5
_PROCESS = "jupyter_mlops.pipeline.clusters.process"
_here: dict[str, subprocess.Popen[bytes]] = {}
"""At a worker: the processes of its jobs."""


@dataclass(frozen=True)
class JobEnd:
    """How a job ended.

    Attributes
    ----------
    answer : Answer or None
        None: it was lost, or could not be run at all.
    worker : str
        Where it ran, as far as known.
    error : str
        Without an answer: why.
    is_lost : bool
        Whether its worker died under it.
    """

    token: str
    answer: Answer | None = None
    worker: str = ""
    error: str = ""
    is_lost: bool = False


class DaskCluster:
    """A client of one scheduler.

    Parameters
    ----------
    address : str
        ``dask://host:port``, or any address that dask knows.

    Raises
    ------
    ClusterError
        When dask is not installed, or nobody answers there.
    """

    def __init__(self, address: str) -> None:
        self.address = scheduler_address(address)
        try:
            import distributed
        except ImportError as error:
            raise errors.ClusterError(
                "To run on a cluster needs dask.distributed: "
                "pip install 'jupyter-mlops[dask]'.",
            ) from error
        try:
            # Its types are known in part only.
            self._client: Any = cast("Any", distributed).Client(
                self.address, timeout=_PATIENCE, set_as_default=False, name="mlops"
            )
        except (OSError, ValueError, ImportError) as error:
            raise errors.ClusterError(
                f"No scheduler of dask answers at {self.address} ({error}). Is it "
                f"running, and is that its address?",
                address=self.address,
            ) from error
        self._said: queue.SimpleQueue[tuple[str, Any]] = queue.SimpleQueue()
        self._futures: dict[str, Any] = {}
        self._workers: dict[str, str] = {}
        self._topic = f"mlops-{uuid.uuid4().hex}"
        self._client.subscribe_topic(self._topic, self._hear)
        self._client.subscribe_topic("all", self._hear)

    def close(self) -> None:
        """Take leave; what still runs is cancelled."""
        for future in self._futures.values():
            future.cancel()
        with suppress(Exception):
            self._client.unsubscribe_topic("all")
            self._client.unsubscribe_topic(self._topic)
        self._client.close()

    def submit(self, job: Job) -> str:
        """Have a job done somewhere; return what to know it by."""
        token = f"mlops-{job.name}-{uuid.uuid4().hex}"
        with warnings.catch_warnings():
            # Its files may come along; how large they may be is ours to say.
            warnings.filterwarnings("ignore", message="Sending large graph")
            future = self._client.submit(
                run_at_worker, job, token, self._topic, key=token, pure=False, retries=0
            )
        self._futures[token] = future
        future.add_done_callback(lambda _: self._said.put(("done", token)))
        return token

    def wait(self, seconds: float | None = None) -> JobEnd | None:
        """Wait until a job has ended; None when none has for so long, or is known."""
        try:
            what, told = self._said.get(timeout=seconds)
        except queue.Empty:
            return None
        if what == "began":
            self._workers[told["token"]] = told["worker"]
            return None
        future = self._futures.pop(told, None)
        if future is None:
            return None
        if what == "lost":
            future.cancel()
            return self._lost(told)
        return self._ended(told, future)

    @property
    def tokens(self) -> list[str]:
        """The jobs that are under way."""
        return list(self._futures)

    def interrupt(self) -> None:
        """Interrupt what runs; what waits for a worker is cancelled."""
        for token in list(self._futures):
            if token in self._workers:
                continue
            self._futures.pop(token).cancel()
            self._said.put(("done", token))
            self._futures[token] = _Cancelled()
        tokens = list(self._futures)
        with suppress(Exception):
            self._client.run(interrupt_here, tokens, wait=False, on_error="ignore")

    def _hear(self, event: tuple[float, dict[str, Any]]) -> None:
        told = event[1]
        if told.get("action") == "remove-worker":
            for token in told.get("processing-tasks", ()):
                # A worker that goes in good order has its jobs taken elsewhere, too.
                if token in self._futures and token in self._workers:
                    self._said.put(("lost", token))
        elif "token" in told:
            self._workers[told["token"]] = told["worker"]
            self._said.put(("began", told))

    def _ended(self, token: str, future: Any) -> JobEnd:
        worker = self._workers.get(token, "")
        if isinstance(future, _Cancelled):
            told = {"error": KeyboardInterrupt.__name__}
            return JobEnd(token, Answer(error=told))
        error = future.exception() if future.status == "error" else None
        if type(error).__name__ == "KilledWorker":
            return self._lost(token)
        if error is not None:
            words = f"{type(error).__name__}: {error}"
            return JobEnd(token, worker=worker, error=words)
        if future.status != "finished":
            return JobEnd(token, worker=worker, error=f"dask says '{future.status}'")
        answer = future.result()
        future.release()
        return JobEnd(token, answer, worker)

    def _lost(self, token: str) -> JobEnd:
        worker = self._workers.pop(token, "")
        words = f"its worker {worker} died" if worker else "its worker died"
        return JobEnd(token, worker=worker, error=words, is_lost=True)


class _Cancelled:
    """Stands for a job that was cancelled before it began."""


def scheduler_address(address: str) -> str:
    """Return what dask calls an address.

    Raises
    ------
    InvalidInputError
        When it is none.
    """
    known = address.startswith(_SCHEMES)
    rest = address.partition("://")[2]
    if not known or not rest:
        raise errors.InvalidInputError(
            f"'{address}' is no cluster. Write '--on dask://HOST:PORT', or an address "
            f"as dask's scheduler shows it: tcp://HOST:PORT, tls://HOST:PORT.",
            address=address,
        )
    return f"tcp://{rest}" if address.startswith(SCHEME) else address


# --- at a worker -----------------------------------------------------------------


def run_at_worker(job: Job, token: str, topic: str) -> Answer:
    """Do a job in a process of its own; called by dask at a worker."""
    from distributed import get_worker

    worker = get_worker()
    worker.log_event(topic, {"token": token, "worker": worker.address})
    with _scratch(worker.local_directory) as folder:
        # What is recorded names places: one name for each.
        root = folder / "project"
        root.mkdir()
        mirror = Mirror(job, root, worker.address, worker.state.nthreads)
        process = _start(folder, mirror)
        _here[token] = process
        try:
            _follow(process, lambda: _is_wanted(worker, token))
        finally:
            del _here[token]
        return _answer(folder, process)


async def interrupt_here(tokens: list[str]) -> None:
    """Interrupt the processes of jobs at this worker; nobody waits for this."""
    for token in tokens:
        process = _here.get(token)
        if process is not None:
            process.send_signal(signal.SIGINT)


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


def _follow(process: subprocess.Popen[bytes], is_wanted: Any) -> None:
    """Wait for a process; when nobody wants its job any more, let go of it."""
    while process.poll() is None:
        with suppress(subprocess.TimeoutExpired):
            process.wait(_LOOK)
        if not is_wanted() and process.stdin is not None:
            process.stdin.close()
    if process.stdin is not None:
        with suppress(OSError):
            process.stdin.close()


def _is_wanted(worker: Any, token: str) -> bool:
    task = worker.state.tasks.get(token)
    return task is not None and task.state == "executing"


def _answer(folder: Path, process: subprocess.Popen[bytes]) -> Answer:
    file = folder / ANSWER
    if file.exists():
        # Written by the process that this one started.
        found: Answer = pickle.loads(file.read_bytes())  # noqa: S301 - see above
        return found
    said = (folder / "said").read_text(errors="replace").splitlines()
    raise RuntimeError(
        f"the job's process ended with {process.returncode}: "
        + " | ".join(said[-_LAST_LINES:])
    )


@contextmanager
def _scratch(folder: str) -> Iterator[Path]:
    Path(folder).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(
        prefix="mlops-", dir=folder, ignore_cleanup_errors=True
    ) as place:
        yield Path(os.path.realpath(place))
