"""Jobs handed over by many threads, each of which waits for its own."""

from __future__ import annotations

import threading
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jupyter_mlops.pipeline.clusters.dask_cluster import DaskCluster, JobEnd
    from jupyter_mlops.pipeline.clusters.job import Curve, Job


@dataclass(frozen=True)
class Errand:
    """A job that is away."""

    cluster: DaskCluster
    token: str
    _end: Future[JobEnd]

    def wait(self) -> None:
        """Wait until it has ended."""
        self._end.result()

    def cancel(self, *, now: bool) -> None:  # noqa: ARG002 - the process there counts
        """Interrupt it; see `pipeline.apart.Cancel`."""
        self.cluster.interrupt([self.token])

    @property
    def end(self) -> JobEnd:
        """How it ended, when it has."""
        return self._end.result()


@dataclass
class Desk:
    """Hands jobs to a cluster, and their ends to whoever waits for them.

    One thread at a time takes ends from the cluster: that of `attended`, or one that
    hands over what it takes.
    """

    cluster: DaskCluster
    _waiting: dict[str, Future[JobEnd]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _is_closing: bool = False

    def send(self, job: Job, hear: Callable[[Curve], None] | None = None) -> Errand:
        """Hand a job over; `hear` as `DaskCluster.submit` takes it."""
        found: Future[JobEnd] = Future()
        # It may end before we know what it is called.
        with self._lock:
            token = self.cluster.submit(job, hear)
            self._waiting[token] = found
        return Errand(self.cluster, token, found)

    def take(self, end: JobEnd) -> bool:
        """Hand an end to whoever waits for it; tell whether anybody does."""
        with self._lock:
            found = self._waiting.pop(end.token, None)
        if found is None:
            return False
        found.set_result(end)
        return True

    def cancel_waiting(self) -> None:
        """Cancel the jobs that no worker has begun."""
        with self._lock:
            tokens = list(self._waiting)
        self.cluster.cancel_waiting(tokens)

    @contextmanager
    def attended(self) -> Iterator[None]:
        """Take ends from the cluster while the block runs."""
        thread = threading.Thread(target=self._attend, name="mlops-desk", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._is_closing = True
            self.cluster.wake()
            thread.join()

    def _attend(self) -> None:
        while not self._is_closing:
            end = self.cluster.wait()
            if end is not None:
                self.take(end)
