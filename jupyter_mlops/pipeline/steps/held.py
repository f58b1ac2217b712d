"""What a process holds that a copy of it would share with it, or would miss.

Both go on by themselves: what one writes into shared memory, or into a file without a
name, the other one reads, and a child process is but one's.
"""

from __future__ import annotations

import os
import stat
import sys
from typing import TYPE_CHECKING, Any

from jupyter_mlops.pipeline.worker import kinship

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_LOCKS = "/dev/shm/sem."  # noqa: S108 - where glibc keeps semaphores
"""Semaphores, as of tqdm: whoever holds one lets go of it before a cell ends."""


def what_is_held(is_output: Callable[[str], bool]) -> Iterator[str]:
    """Say what forbids a copy to stand for its process.

    Parameters
    ----------
    is_output : callable
        Tells places that the step writes: an open one's bytes would go into a file
        that is put away.
    """
    yield from _open_files(is_output)
    yield from _mappings(is_output)
    _take_leave_of_children()
    if kinship.children_of(os.getpid()):
        yield "a child process was running, or waited for"


def _open_files(is_output: Callable[[str], bool]) -> Iterator[str]:
    for number in os.listdir("/proc/self/fd"):  # noqa: PTH208 - texts are at hand, and many
        try:
            path = os.readlink(f"/proc/self/fd/{number}")  # noqa: PTH115 - as above
            found = os.fstat(int(number))
        except OSError:
            continue
        if is_output(path):
            yield f"its output {path} was open"
        elif stat.S_ISREG(found.st_mode) and not found.st_nlink:
            yield f"a file that has no name any more was open: {path}"


def _mappings(is_output: Callable[[str], bool]) -> Iterator[str]:
    with open("/proc/self/maps", encoding="utf-8", errors="replace") as maps:  # noqa: PTH123 - as above
        for line in maps:
            _, rights, _, _, _, *rest = line.rstrip("\n").split(None, 5)
            path = rest[0] if rest else ""
            if path and is_output(path):
                yield f"its output {path} was mapped"
            elif "w" in rights and rights.endswith("s") and not path.startswith(_LOCKS):
                yield f"memory was shared: {path or 'without a name'}"


def _take_leave_of_children() -> None:
    """Have those that have ended, and that nobody will ask for, be gone."""
    processes: Any = sys.modules.get("subprocess")
    if processes is not None:
        processes._cleanup()  # noqa: SLF001 - what it does itself before each new one
    workers: Any = sys.modules.get("multiprocessing.process")
    if workers is not None:
        workers.active_children()
