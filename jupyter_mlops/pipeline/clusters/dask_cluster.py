"""The door to dask.distributed: jobs submitted, followed and cancelled.

Where a job runs is the scheduler's to say. That a worker died is its word, too; whether
the job is tried again is ours, so that no attempt goes unrecorded.
"""

from __future__ import annotations

import queue
import socket
import uuid
import warnings
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, cast

from jupyter_mlops import errors
from jupyter_mlops.pipeline.clusters.job import Answer
from jupyter_mlops.pipeline.clusters.jobprocess import JobProcess

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from jupyter_mlops.pipeline.clusters.job import Curve, Job

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
_SOCKETS = ("tcp", "tls", "ws", "wss")
_PATIENCE = 10
"""Seconds to wait for the scheduler."""
_GLANCE = 3.0
"""Seconds to wait until somebody listens."""
_here: dict[str, JobProcess] = {}
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
            raise _needs_dask() from error
        try:
            # Its types are known in part only.
            self._client: Any = cast("Any", distributed).Client(
                self.address, timeout=_PATIENCE, set_as_default=False, name="mlops"
            )
        except (OSError, ValueError, ImportError) as error:
            raise _no_answer(self.address, error) from error
        self._said: queue.SimpleQueue[tuple[str, Any]] = queue.SimpleQueue()
        self._futures: dict[str, Any] = {}
        self._workers: dict[str, str] = {}
        self._hearers: dict[str, Callable[[Curve], None]] = {}
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

    @property
    def slots(self) -> int:
        """How many jobs its workers run at once, as of now; at least one."""
        return max(1, int(sum(self._client.nthreads().values())))

    def submit(self, job: Job, hear: Callable[[Curve], None] | None = None) -> str:
        """Have a job done somewhere; return what to know it by.

        Parameters
        ----------
        hear : callable, optional
            Told how the metric grows that `Job.watch` names; called within `wait`.
        """
        token = f"mlops-{job.name}-{uuid.uuid4().hex}"
        with warnings.catch_warnings():
            # Its files may come along; how large they may be is ours to say.
            warnings.filterwarnings("ignore", message="Sending large graph")
            future = self._client.submit(
                run_at_worker, job, token, self._topic, key=token, pure=False, retries=0
            )
        self._futures[token] = future
        if hear is not None:
            self._hearers[token] = hear
        future.add_done_callback(lambda _: self._said.put(("done", token)))
        return token

    def wait(self, seconds: float | None = None) -> JobEnd | None:
        """Wait until a job has ended; None when none has for so long, or is known."""
        try:
            what, told = self._said.get(timeout=seconds)
        except queue.Empty:
            return None
        if what == "curve":
            if told["token"] in self._hearers:
                self._hearers[told["token"]](told["curve"])
            return None
        future = None if what == "woken" else self._futures.pop(told, None)
        if future is None:
            return None
        self._hearers.pop(told, None)
        if what == "lost":
            future.cancel()
            return self._lost(told)
        return self._ended(told, future)

    def wake(self) -> None:
        """Have `wait` return; from any thread."""
        self._said.put(("woken", ""))

    def interrupt(self, tokens: Iterable[str] | None = None) -> None:
        """Interrupt jobs, all without `tokens`; those that wait are cancelled."""
        wanted = list(self._futures if tokens is None else tokens)
        self.cancel_waiting(wanted)
        with suppress(Exception):
            self._client.run(interrupt_here, wanted, wait=False, on_error="ignore")

    def cancel_waiting(self, tokens: Iterable[str]) -> None:
        """Cancel those of some jobs for which no worker was free until now."""
        for token in tokens:
            future = self._futures.get(token)
            if future is None or token in self._workers:
                continue
            self._futures[token] = _Cancelled()
            future.cancel()
            self._said.put(("done", token))

    def _hear(self, event: tuple[float, dict[str, Any]]) -> None:
        told = event[1]
        if told.get("action") == "remove-worker":
            for token in told.get("processing-tasks", ()):
                # A worker that goes in good order has its jobs taken elsewhere, too.
                if token in self._futures and token in self._workers:
                    self._said.put(("lost", token))
        elif "token" in told:
            self._workers[told["token"]] = told["worker"]
            if "curve" in told:
                self._said.put(("curve", told))

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
            words = f"dask says '{future.status}'"
            if self._client.status != "running":
                words = f"the scheduler at {self.address} is gone"
            return JobEnd(token, worker=worker, error=words)
        answer = future.result()
        future.release()
        return JobEnd(token, answer, worker)

    def _lost(self, token: str) -> JobEnd:
        worker = self._workers.pop(token, "")
        words = f"its worker {worker} died" if worker else "its worker died"
        return JobEnd(token, worker=worker, error=words, is_lost=True)


class _Cancelled:
    """Stands for the future of a job that was cancelled before it began."""

    def cancel(self) -> None:
        """Do nothing more."""


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


def check_answers(address: str) -> None:
    """Check, without dask, that somebody listens where its scheduler should be.

    Raises
    ------
    InvalidInputError
        When it is no address.
    ClusterError
        When dask is not installed, or nobody listens.
    """
    known = scheduler_address(address)
    if find_spec("distributed") is None:
        raise _needs_dask()
    scheme, _, rest = known.partition("://")
    if scheme not in _SOCKETS:
        return
    host, _, port = rest.partition("/")[0].rpartition(":")
    if not host or not port.isdigit():
        raise errors.InvalidInputError(
            f"'{address}' names no port. Write 'dask://HOST:PORT'.", address=address
        )
    try:
        with socket.create_connection((host.strip("[]"), int(port)), _GLANCE):
            return
    except (OSError, OverflowError) as error:
        raise _no_answer(known, error) from error


def _needs_dask() -> errors.ClusterError:
    return errors.ClusterError(
        "To run on a cluster needs dask.distributed: pip install 'jupyter-mlops[dask]'."
    )


def _no_answer(address: str, error: Exception) -> errors.ClusterError:
    return errors.ClusterError(
        f"No scheduler of dask answers at {address} ({error}). Is it running, and is "
        f"that its address?",
        address=address,
    )


# --- at a worker -----------------------------------------------------------------


def run_at_worker(job: Job, token: str, topic: str) -> Answer:
    """Do a job in a process of its own; called by dask at a worker."""
    from distributed import get_worker

    worker = get_worker()
    worker.log_event(topic, {"token": token, "worker": worker.address})
    with JobProcess.started(
        job, worker.local_directory, worker.address, worker.state.nthreads
    ) as process:
        _here[token] = process
        try:
            process.follow(
                is_wanted=lambda: _is_wanted(worker, token),
                tell=lambda curve: worker.log_event(
                    topic, {"token": token, "worker": worker.address, "curve": curve}
                ),
            )
        finally:
            del _here[token]
        return process.answer()


async def interrupt_here(tokens: list[str]) -> None:
    """Interrupt the processes of jobs at this worker; nobody waits for this."""
    for token in tokens:
        process = _here.get(token)
        if process is not None:
            process.interrupt()


def _is_wanted(worker: Any, token: str) -> bool:
    task = worker.state.tasks.get(token)
    return task is not None and task.state == "executing"
