"""Memory of a process and of all that it started, and its end when that is too much.

What counts is memory of their own (anonymous and shared between them), not files that
they map: the system drops those by itself. A limit on addresses would refuse libraries
that reserve far more than they use; a control group needs rights that most users lack.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


ERROR = "MemoryLimitError"
"""What the error of a cell is called that took too much."""
_PAUSE = 0.05
_REST = 20
"""A look that took long is followed by a rest as many times as long."""
_PAGE = os.sysconf("SC_PAGE_SIZE")
_COUNTED = ("Pss_Anon:", "Pss_Shmem:")
_UNITS = (("TB", 10**12), ("GB", 10**9), ("MB", 10**6), ("kB", 10**3))


@dataclass
class MemoryWatch:
    """Looks at a process some twenty times a second, in a thread of its own.

    Attributes
    ----------
    limit : int
        Bytes; 0: nothing is watched.
    process : callable
        Returns the process's id, 0 while there is none.
    end : callable
        Ends the process; called once, from the thread.
    used : int
        What it had when it was ended; 0 when it was not.
    """

    limit: int
    process: Callable[[], int]
    end: Callable[[], None]
    used: int = 0
    _over: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to watch."""
        if self.limit and self._thread is None:
            self._thread = threading.Thread(
                target=self._watch, name="mlops-memory", daemon=True
            )
            self._thread.start()

    def stop(self) -> None:
        """Watch no longer."""
        self._over.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    @property
    def words(self) -> str:
        """Say why the process was ended; empty when it was not ended by this."""
        return over_words(self.limit, self.used) if self.used else ""

    def _watch(self) -> None:
        pause = _PAUSE
        while not self._over.wait(pause):
            began = time.perf_counter()
            process = self.process()
            found = tree_memory(process, self.limit) if process else 0
            if found > self.limit:
                self.used = found
                self.end()
                return
            pause = max(_PAUSE, _REST * (time.perf_counter() - began))


def over_words(limit: int, used: int) -> str:
    """Say that a notebook took more than it may, and what to do."""
    return (
        f"used more than memory: {amount(limit)}. It had {amount(used)} when it was "
        f"ended. Raise 'memory' of its resources, or have the cell take less at once"
    )


def tree_memory(process: int, enough: int = 0) -> int:
    """Return the bytes that a process and its descendants have for themselves.

    Parameters
    ----------
    process : int
        Its id.
    enough : int
        When a quick look shows no more than that, what it shows is returned: with
        files that are mapped, and with what they share counted for each.
    """
    tree = list(_tree(process))
    quick = sum(_resident(item) for item in tree)
    return sum(_own(item) for item in tree) if quick > enough else quick


def amount(size: int) -> str:
    """Write bytes as people do: ``2 GB``."""
    for unit, factor in _UNITS:
        if size >= factor:
            return f"{size / factor:.3g} {unit}"
    return f"{size} B"


def _tree(process: int) -> Iterator[int]:
    pending = [process]
    while pending:
        now = pending.pop()
        yield now
        with contextlib.suppress(OSError):
            for task in Path(f"/proc/{now}/task").iterdir():
                pending += map(int, (task / "children").read_text().split())


def _resident(process: int) -> int:
    try:
        words = Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()
    except OSError:
        return 0
    return int(words[1]) * _PAGE


def _own(process: int) -> int:
    try:
        text = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return 0
    found = {line.split()[0]: line.split()[1] for line in text.splitlines()[1:]}
    if not all(name in found for name in _COUNTED):
        return int(found.get("Rss:", 0)) * 1024
    return sum(int(found[name]) for name in _COUNTED) * 1024
