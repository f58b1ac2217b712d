"""Which threads this process has beside the one that asks, and whose they are.

Standard library only.
"""

from __future__ import annotations

import array
import os
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_mlops.pipeline.worker.loaded import loaded_libraries

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_mlops.pipeline.worker.loaded import Library

_STACK_BYTES = 1 << 14
_NOBODYS = ("libc.", "libpthread", "libstdc++", "libgcc", "libpython", "ld-linux")
"""In every thread's stack: they say nothing about whose it is."""


@dataclass(frozen=True, slots=True)
class Thread:
    """A thread of this process.

    Attributes
    ----------
    name : str
        A Python thread's own, else the system's.
    owner : str
        The Python class of a Python thread, with its module; else the file of the
        library that it waits in. Empty when that cannot be told.
    """

    name: str
    owner: str

    def __str__(self) -> str:
        return f"'{self.name}' of {self.owner}" if self.owner else f"'{self.name}'"


def other_threads() -> list[Thread]:
    """List the threads beside this one."""
    mine = threading.get_native_id()
    tasks = [int(name) for name in os.listdir("/proc/self/task")]  # noqa: PTH208 - much quicker
    if tasks == [mine]:
        return []
    known = {item.native_id: item for item in threading.enumerate()}
    libraries = loaded_libraries()
    return [
        _python_thread(known[task]) if task in known else _native(task, libraries)
        for task in tasks
        if task != mine and Path(f"/proc/self/task/{task}").exists()
    ]


def _python_thread(thread: threading.Thread) -> Thread:
    kind = type(thread)
    return Thread(thread.name, f"{kind.__module__}.{kind.__qualname__}")


def _native(task: int, libraries: Sequence[Library]) -> Thread:
    name = ""
    with suppress(OSError):
        name = Path(f"/proc/self/task/{task}/comm").read_text().strip()
    for word in _stack(task):
        for library in libraries:
            if library.begin <= word < library.end and not library.name.startswith(
                _NOBODYS
            ):
                return Thread(name, library.name)
    return Thread(name, "")


def _stack(task: int) -> Sequence[int]:
    """Return what lies on the stack of a thread that waits, innermost first."""
    words = array.array("Q")
    with suppress(OSError, ValueError):
        # What it waits for, with arguments; then stack pointer and program counter.
        told = Path(f"/proc/self/task/{task}/syscall").read_text().split()
        if len(told) > 2:  # noqa: PLR2004 - else it does not wait: "running"
            memory = os.open("/proc/self/mem", os.O_RDONLY)
            try:
                data = os.pread(memory, _STACK_BYTES, int(told[-2], 16))
            finally:
                os.close(memory)
            words.frombytes(data[: len(data) // words.itemsize * words.itemsize])
    return words
