"""When bytes that were written are forced to the disk."""

from __future__ import annotations

import os
import threading
import weakref
from typing import Protocol


class Syncable(Protocol):
    """Something with bytes on their way to the disk."""

    def sync(self) -> None:
        """Force them there."""


class Flusher:
    """Syncs what became dirty, about once every `seconds`.

    A thread does it, so that a log call never waits for a disk. The thread lives
    only while something is dirty, and it is put to rest before a fork: a child
    must not inherit half a thread, and the batch worker forks only a process that
    has no other.

    Parameters
    ----------
    seconds : float
        The longest that a written line stays in memory only.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._reset()
        _flushers.add(self)

    def _reset(self) -> None:
        self._lock = threading.Lock()
        self._dirty: set[Syncable] = set()
        self._thread: threading.Thread | None = None
        self._stop = threading.Event()

    def mark(self, item: Syncable) -> None:
        """Have `item` synced within the next interval."""
        with self._lock:
            self._dirty.add(item)
            if self._thread is None:
                self._start()

    def forget(self, item: Syncable) -> None:
        """Leave `item` alone: it is closed."""
        with self._lock:
            self._dirty.discard(item)

    def flush(self) -> None:
        """Sync all that is dirty now."""
        self._rest()
        with self._lock:
            items = self._take()
        self._flush(items)

    def _start(self) -> None:
        self._stop = threading.Event()
        self._thread = threading.Thread(
            target=self._run, args=(self._stop,), name="mlops-flusher", daemon=True
        )
        try:
            self._thread.start()
        except RuntimeError:
            # The interpreter is shutting down: no thread any more, so do it here.
            self._thread = None
            self._flush(self._take())

    def _run(self, stop: threading.Event) -> None:
        while True:
            stop.wait(self._seconds)
            with self._lock:
                items = self._take()
                if not items or stop.is_set():
                    self._dirty |= items
                    self._thread = None
                    return
            self._flush(items)

    def _take(self) -> set[Syncable]:
        items, self._dirty = self._dirty, set()
        return items

    def _flush(self, items: set[Syncable]) -> None:
        for item in items:
            item.sync()

    def _rest(self) -> None:
        thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            self._stop.set()
            thread.join()

    def _resume(self) -> None:
        with self._lock:
            if self._dirty and self._thread is None:
                self._start()


_flushers: weakref.WeakSet[Flusher] = weakref.WeakSet()


def _before_fork() -> None:
    for flusher in list(_flushers):
        flusher._rest()  # noqa: SLF001 - one noun, one module


def _after_fork_in_parent() -> None:
    for flusher in list(_flushers):
        flusher._resume()  # noqa: SLF001 - one noun, one module


def _after_fork_in_child() -> None:
    for flusher in list(_flushers):
        flusher._reset()  # noqa: SLF001 - one noun, one module


if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_before_fork,
        after_in_parent=_after_fork_in_parent,
        after_in_child=_after_fork_in_child,
    )
