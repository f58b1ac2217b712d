"""Whether this process may be copied as it is, and making it so as far as we can.

A copy has but one thread. What waits for another one there waits for ever, so nothing
is copied while threads live that we do not know to be harmless. Standard library only.
"""

from __future__ import annotations

import ctypes
import os
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from jupyter_mlops.pipeline.worker.loaded import loaded_libraries
from jupyter_mlops.pipeline.worker.owners import other_threads
from jupyter_mlops.pipeline.worker.threads import rest_pools

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jupyter_mlops.pipeline.worker.loaded import Library
    from jupyter_mlops.pipeline.worker.owners import Thread

_HARD_PAUSE = 2
"""``omp_pause_hard``: all threads end; the next parallel region starts new ones."""
_HARMLESS_NAMES = frozenset({"jemalloc_bg_thd", "mlops-flusher"})
_HARMLESS_OWNERS = ("libarrow", "tqdm._monitor.TMonitor")
"""Cared for by handlers of their own at a fork, or not missed."""
_LEAVING_OWNERS = ("libscipy_openblas", "libopenblas")
"""Ended by handlers of their own when a process is about to fork."""
_GPU_LIBRARIES = ("libcuda.so", "libamdhip64.so", "libze_loader.so")
_GPU_FILES = ("/dev/nvidia", "/dev/kfd", "/dev/dri/render")
_SHOWN = 3
_SETTLE_SECONDS = 0.05


class NotForkableError(Exception):
    """No copy can be made here; its text says why."""


def make_forkable() -> str | None:
    """Lay threads to rest as far as we can; say what forbids a fork, None if nothing.

    `threads.wake_threads` is due afterwards, in both processes.
    Threads that end only when a fork begins are not counted: ask `threads_left` then.
    """
    libraries = loaded_libraries()
    found = _gpu_in_use(libraries)
    if found is not None:
        return found
    _rest(libraries)
    return _words([item for item in _unknown() if not _may_leave(item)])


def threads_left() -> str | None:
    """Say which threads a process that was just forked from this one misses."""
    deadline = time.monotonic() + _SETTLE_SECONDS
    while unknown := _unknown():
        if time.monotonic() > deadline:
            return _words(unknown)
        # A thread that was told to end needs a moment for it.
        time.sleep(0.001)
    return None


def _rest(libraries: Iterable[Library]) -> None:
    for library in libraries:
        # Other OpenMP runtimes were not tried: their threads count as unknown.
        if library.name.startswith("libgomp"):
            with suppress(OSError, AttributeError):
                ctypes.CDLL(library.path).omp_pause_resource_all(_HARD_PAUSE)
    rest_pools()


def _unknown() -> list[Thread]:
    """List the threads that are not harmless."""
    return [
        thread
        for thread in other_threads()
        if thread.name not in _HARMLESS_NAMES
        and not thread.owner.startswith(_HARMLESS_OWNERS)
    ]


def _may_leave(thread: Thread) -> bool:
    """Tell whether a thread may be gone by the time that a fork is done."""
    return not thread.owner or thread.owner.startswith((*_LEAVING_OWNERS, "libgomp"))


def _words(threads: list[Thread]) -> str | None:
    if not threads:
        return None
    shown = ", ".join(map(str, threads[:_SHOWN]))
    more = len(threads) - _SHOWN
    if more > 0:
        shown += f" and {more} more"
    return f"threads are alive that a copy would miss: {shown}"


def _gpu_in_use(libraries: Iterable[Library]) -> str | None:
    for library in libraries:
        if library.name.startswith(_GPU_LIBRARIES):
            return f"a GPU may be in use: {library.name} is loaded"
    with suppress(OSError):
        for number in os.listdir("/proc/self/fd"):  # noqa: PTH208 - much quicker
            with suppress(OSError):
                place = os.readlink(f"/proc/self/fd/{number}")  # noqa: PTH115 - much quicker
                if place.startswith(_GPU_FILES):
                    return f"a GPU is in use: {place} is open"
    return None
