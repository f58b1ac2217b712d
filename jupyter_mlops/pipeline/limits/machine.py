"""What this process may use of the machine: processors and memory, containers heeded.

Where a group of processes has its limits: https://docs.kernel.org/admin-guide/cgroup-v2.html
and https://docs.kernel.org/admin-guide/cgroup-v1/.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_ROOT = Path("/sys/fs/cgroup")
_UNKNOWN = 1 << 62
"""More than any machine has: it bounds nothing."""


def cpu_count(root: Path = _ROOT) -> float:
    """Return how many processors this process may use; a container's may be in parts.

    Parameters
    ----------
    root : Path
        Where groups of processes show their limits.
    """
    if hasattr(os, "sched_getaffinity"):
        found = float(len(os.sched_getaffinity(0)))
    else:
        found = float(os.cpu_count() or 1)
    quotas = (quota for folder in _folders(root, "cpu") for quota in _quotas(folder))
    return min([found, *quotas])


def memory_size(root: Path = _ROOT) -> int:
    """Return how many bytes of memory this process may use, `root` as above."""
    try:
        found = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (ValueError, OSError):
        found = _UNKNOWN
    limits = (
        limit
        for folder in _folders(root, "memory")
        for name in ("memory.max", "memory.limit_in_bytes")
        if (limit := _number(folder / name))
    )
    return min([found, *limits])


def _quotas(folder: Path) -> Iterator[float]:
    words = _text(folder / "cpu.max").split()
    if len(words) == len(("quota", "period")) and words[0] != "max":
        yield int(words[0]) / int(words[1])
    quota = _number(folder / "cpu.cfs_quota_us")
    period = _number(folder / "cpu.cfs_period_us")
    if quota > 0 and period > 0:
        yield quota / period


def _folders(root: Path, controller: str) -> Iterator[Path]:
    """Yield the folders of the groups that this process is in, and of theirs."""
    for line in _text(Path("/proc/self/cgroup")).splitlines():
        _, controllers, path = line.split(":", 2)
        names = controllers.split(",") if controllers else []
        if names and controller not in names:
            continue
        homes = [controllers, controller] if names else ["", "unified"]
        for home in dict.fromkeys(homes):
            base = root / home
            place = base / path.lstrip("/")
            # Within a container the path may be the host's: then only the top is ours.
            yield from (base, place)
            yield from (item for item in place.parents if base in item.parents)


def _number(file: Path) -> int:
    text = _text(file).strip()
    return int(text) if text.lstrip("-").isdigit() else 0


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="ascii")
    except (OSError, ValueError):
        return ""
