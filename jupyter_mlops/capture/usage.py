"""What a cell costs the machine: processor time, and the most memory held at once."""

from __future__ import annotations

import os
import sys
import time
from typing import NamedTuple

if sys.platform != "win32":
    import resource

_RESET = b"5"
"""Makes Linux begin a new peak of the resident memory: proc(5), clear_refs."""
_KILO = 1024
_MUCH = 100_000_000
_USUAL = (0.5, 1.5)
"""Processor time by wall time of a cell that keeps one processor busy."""


class Usage(NamedTuple):
    """What was used between the start and the stop of a watch.

    Attributes
    ----------
    cpu_seconds : float
        Processor time of this process, all its threads, ours among them, and of the
        child processes that ended meanwhile and were waited for.
    peak_bytes : int or None
        The most memory that this process held in RAM (resident set, shared pages
        counted in full, child processes not) at any moment between the two.

        On Linux it is exact: the kernel's own peak, begun anew at the start. Where
        that cannot be (macOS, a locked ``/proc``), it is exact if the cell took the
        process to a new peak of its life; else the larger of what was held at the
        start and at the stop: a lower bound. None when the system tells neither.
    grown_bytes : int
        By how much the peak is above what was held at the start.
    """

    cpu_seconds: float
    peak_bytes: int | None
    grown_bytes: int = 0


def notable_usage(usage: Usage, seconds: float) -> tuple[str, ...]:
    """Say what is worth a word beside the wall time; most cells get none.

    Parameters
    ----------
    usage : Usage
        Of a cell.
    seconds : float
        How long it took.
    """
    words = []
    if seconds >= 1 and not _USUAL[0] <= usage.cpu_seconds / seconds <= _USUAL[1]:
        words.append(f"CPU {usage.cpu_seconds:.3g} s")
    if usage.peak_bytes is not None and usage.grown_bytes >= _MUCH:
        words.append(f"peak {usage.peak_bytes / 1e9:.3g} GB")
    return tuple(words)


class UsageWatch:
    """Measures from `start` to `stop`; several may be on, one within another."""

    def __init__(self) -> None:
        self._cpu = 0.0
        self._held: int | None = None
        self._peak = 0
        self._life_peak = 0
        self._is_exact = False

    def start(self) -> UsageWatch:
        """Begin to measure; returns itself."""
        for watch in _watches:
            # The new peak is one for all: what was reached so far is theirs to keep.
            watch._peak = max(watch._peak, _system_peak())  # noqa: SLF001 - one noun, one file
        self._is_exact = _reset_peak()
        self._held = _held_now()
        self._life_peak = 0 if self._is_exact else _life_peak()
        self._cpu = _cpu_seconds()
        _watches.append(self)
        return self

    def stop(self) -> Usage:
        """Tell what was used since the start."""
        cpu = max(0.0, _cpu_seconds() - self._cpu)
        if self in _watches:
            _watches.remove(self)
        peak = self._reached()
        grown = 0 if peak is None or self._held is None else peak - self._held
        return Usage(round(cpu, 6), peak, max(0, grown))

    def _reached(self) -> int | None:
        if self._is_exact:
            return max(self._peak, _system_peak()) or None
        life_peak = _life_peak()
        if life_peak > self._life_peak:
            return life_peak
        return max(self._held or 0, _held_now() or 0) or None


_watches: list[UsageWatch] = []


def _cpu_seconds() -> float:
    own = time.process_time()
    if sys.platform == "win32":
        return own
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return own + children.ru_utime + children.ru_stime


def _reset_peak() -> bool:
    try:
        # Not kept open: in a forked child it would still mean the parent.
        place = os.open("/proc/self/clear_refs", os.O_WRONLY | os.O_CLOEXEC)
        try:
            os.write(place, _RESET)
        finally:
            os.close(place)
    except OSError:
        return False
    return True


def _read(path: str) -> bytes:
    # Around every cell, so without the layers of open().
    place = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return os.read(place, 8192)
    finally:
        os.close(place)


def _system_peak() -> int:
    """Return the kernel's peak since the last reset, 0 when it tells none."""
    try:
        text = _read("/proc/self/status")
    except OSError:
        return 0
    _, mark, rest = text.partition(b"VmHWM:")
    return int(rest.split(None, 1)[0]) * _KILO if mark else 0


def _held_now() -> int | None:
    try:
        return int(_read("/proc/self/statm").split()[1]) * _page_size
    except (OSError, IndexError, ValueError):
        return None


def _life_peak() -> int:
    if sys.platform == "win32":
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * _KILO


_page_size = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096
