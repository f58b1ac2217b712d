"""How much memory there is, and what a process costs. Standard library only."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

_KILO = 1024
_FLOOR_SHARE = 0.1
_FLOOR_BYTES = 2 << 30


def cost_of(process: int) -> int:
    """Return the bytes that a process takes; what several share is shared out.

    Takes some milliseconds for each gigabyte.
    """
    with suppress(OSError):
        return _kilobytes(f"/proc/{process}/smaps_rollup", "Pss:") * _KILO
    return 0


def resident_bytes(process: int) -> int:
    """Return the bytes that a process has in memory, however shared."""
    with suppress(OSError):
        return _kilobytes(f"/proc/{process}/status", "VmRSS:") * _KILO
    return 0


def is_short() -> bool:
    """Tell whether memory is so short that copies must go."""
    total = _kilobytes("/proc/meminfo", "MemTotal:") * _KILO
    available = _kilobytes("/proc/meminfo", "MemAvailable:") * _KILO
    limit, used = _of_group()
    if limit and limit < total:
        total, available = limit, min(available, limit - used)
    return available < min(_FLOOR_SHARE * total, _FLOOR_BYTES)


def _of_group() -> tuple[int, int]:
    """Return limit and use of the control group, zeros when there is no limit."""
    folder = Path("/sys/fs/cgroup")
    with suppress(OSError, ValueError):
        name = Path("/proc/self/cgroup").read_text(encoding="ascii").strip()
        group = folder / name.rpartition(":")[2].lstrip("/")
        limit = int((group / "memory.max").read_text(encoding="ascii"))
        used = int((group / "memory.current").read_text(encoding="ascii"))
        with (group / "memory.stat").open(encoding="ascii") as lines:
            stat = dict(line.split() for line in lines)
        # What the system can take back at once does not count.
        return limit, used - int(stat.get("inactive_file", 0))
    return 0, 0


def _kilobytes(file: str, name: str) -> int:
    with open(file, encoding="ascii") as lines:  # noqa: PTH123 - read every other second
        for line in lines:
            if line.startswith(name):
                return int(line.split()[1])
    return 0
