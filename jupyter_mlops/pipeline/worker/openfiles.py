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


class OpenFiles:
    """Tells files that a notebook has opened from those that were open before."""

    def __init__(self) -> None:
        self._before = _descriptors()

    def flush(self) -> None:
        """Write out what open files hold in their buffers."""
        if not any(map(_is_written, _descriptors() - self._before)):
            return
        for item in gc.get_objects():
            if isinstance(
                item, io.TextIOWrapper | io.BufferedWriter | io.BufferedRandom
            ):
                with suppress(OSError, ValueError):
                    item.flush()


def _descriptors() -> set[int]:
    return {int(name) for name in os.listdir("/proc/self/fd")}  # noqa: PTH208 - numbers are wanted


def _is_written(number: int) -> bool:
    """Tell whether a descriptor may lead to a file that is written to."""
    try:
        mode = os.fstat(number).st_mode
        flags = fcntl.fcntl(number, fcntl.F_GETFL)
    except OSError:
        return False
    return not stat.S_ISDIR(mode) and flags & os.O_ACCMODE != os.O_RDONLY
