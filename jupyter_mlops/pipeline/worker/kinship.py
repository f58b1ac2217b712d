"""Processes and their kin, on Linux: who ends with whom, and who is still there.

Standard library only.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import time
from pathlib import Path

_PDEATHSIG = 1
_SET_NAME = 15
_CHILD_SUBREAPER = 36
_libc = ctypes.CDLL(None, use_errno=True)

_PROGRAM = "python"
with contextlib.suppress(OSError):
    _PROGRAM = Path("/proc/self/comm").read_text(encoding="utf-8").strip()
SLEEPER = "mlops-sleeper"
GUARDIAN = "mlops-guardian"
"""Names of processes that are a notebook's copy, or look after one."""

GRACE_SECONDS = 1.0
"""How long processes that a notebook left behind may clean up."""


def end_with_parent(parent: int) -> None:
    """Have this process killed when its parent, of this id, ends."""
    _libc.prctl(_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def take_name(name: str) -> None:
    """Be shown by this name where processes are listed; the program's own if empty."""
    _libc.prctl(_SET_NAME, (name or _PROGRAM).encode(), 0, 0, 0)


def is_copy(process: int) -> bool:
    """Tell whether a process is a notebook's copy, or looks after one."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{process}/comm").read_text().strip() in (SLEEPER, GUARDIAN)
    return False


def outlast_copies() -> None:
    """Wait until there are no copies of a notebook that has ended, nor their rests."""
    while children_of(os.getpid()):
        with contextlib.suppress(ChildProcessError):
            os.wait()
            # Of a copy's guardian that was killed, its notebook's rests are ours now.
            reap_orphans()


def bury_children(but: int) -> None:
    """Take leave of children that have ended."""
    for child in set(children_of(os.getpid())) - {but}:
        with contextlib.suppress(ChildProcessError):
            os.waitpid(child, os.WNOHANG)


def adopt_orphans() -> None:
    """Become the parent of every descendant whose own parent ends."""
    _libc.prctl(_CHILD_SUBREAPER, 1, 0, 0, 0)


def flush_c_streams() -> None:
    """Write out what C code of this process holds in its buffers."""
    _libc.fflush(None)


def children_of(process: int) -> list[int]:
    """List the children of a process's threads."""
    found: list[int] = []
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{process}/task").iterdir():
            with contextlib.suppress(OSError):
                found += map(int, (task / "children").read_text().split())
    return found


def reap_orphans(known: frozenset[int] | set[int] = frozenset()) -> None:
    """End all children but copies and known ones, and their children in turn."""
    spared = set(known)
    deadline = time.monotonic() + GRACE_SECONDS
    pause = 0.001
    while living := _living_children(known):
        is_late = time.monotonic() > deadline
        for child in living if is_late else living - spared:
            with contextlib.suppress(OSError):
                os.kill(child, signal.SIGKILL if is_late else signal.SIGTERM)
        spared |= living
        time.sleep(pause)
        pause = min(pause * 2, 0.02)


def end_session(leader: int) -> None:
    """Kill the processes of a session whose leader is gone, and see them go."""
    deadline = time.monotonic() + GRACE_SECONDS
    while members := _session_of(leader):
        for process in members:
            with contextlib.suppress(OSError):
                os.kill(process, signal.SIGKILL)
        if time.monotonic() > deadline:
            return
        time.sleep(0.005)


def thread_names() -> list[str]:
    """Name the threads of this process beside the one that asks."""
    names = []
    for task in Path("/proc/self/task").iterdir():
        if int(task.name) != os.getpid():
            with contextlib.suppress(OSError):
                names.append((task / "comm").read_text().strip())
    return names


def _living_children(known: frozenset[int] | set[int]) -> set[int]:
    """Collect children that have ended; return the others but copies and known ones."""
    living = set()
    for child in set(children_of(os.getpid())) - known:
        with contextlib.suppress(ChildProcessError):
            if os.waitpid(child, os.WNOHANG)[0] == 0 and not is_copy(child):
                living.add(child)
    return living


def _session_of(leader: int) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
                if int(fields[3]) == leader and fields[0] != "Z":
                    found.append(int(entry.name))
    return found
