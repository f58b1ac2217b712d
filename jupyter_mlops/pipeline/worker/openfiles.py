"""What was written to files that nobody closed, when a notebook's process ends.

To look for such files touches every object, which a copy shares with others until then:
it is done only where a descriptor is open that may lead to one.
"""

from __future__ import annotations

import fcntl
import gc
import io
import os
import stat
from contextlib import suppress

_WRITERS = (io.TextIOWrapper, io.BufferedWriter, io.BufferedRandom)
_FOLDER = "/dev/fd"
"""Linux and macOS alike list there what a process holds open."""


class OpenFiles:
    """Tells files that a notebook has opened from those that were open before."""

    def __init__(self) -> None:
        self._before = _opened()

    def flush(self) -> None:
        """Write out what open files hold in their buffers."""
        # Numbers are given again: the same one may lead elsewhere now.
        opened = _opened().items() - self._before.items()
        if not any(_is_written(number) for number, _ in opened):
            return
        for item in gc.get_objects():
            # Its type alone: to ask for a class may run code of a library's object.
            if issubclass(type(item), _WRITERS):
                with suppress(OSError, ValueError):
                    item.flush()


def _opened() -> dict[int, tuple[int, int]]:
    """Return open descriptors, and what each leads to: device and inode."""
    found: dict[int, tuple[int, int]] = {}
    for name in os.listdir(_FOLDER):  # noqa: PTH208 - numbers are wanted
        # The listing's own is among them, and closed by now.
        with suppress(OSError):
            state = os.fstat(int(name))
            found[int(name)] = (state.st_dev, state.st_ino)
    return found


def _is_written(number: int) -> bool:
    """Tell whether a descriptor may lead to a file that is written to."""
    try:
        mode = os.fstat(number).st_mode
        flags = fcntl.fcntl(number, fcntl.F_GETFL)
    except OSError:
        return False
    return not stat.S_ISDIR(mode) and flags & os.O_ACCMODE != os.O_RDONLY
