"""A kernel that somebody opened from a copy, as the keeper holds it.

Standard library only.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import socket

_TICKS = os.sysconf("SC_CLK_TCK")
_BUSY_SECONDS = 0.5
_LOOK_SECONDS = 20.0


class OpenedKernel:
    """Lives until it is shut down, or has done nothing for a while.

    Parameters
    ----------
    guardian : socket
        The line to the kernel's guardian; its end ends the kernel.
    told : dict
        ``run``, ``process``, ``file`` (of the connection), ``seconds`` that it may be
        idle.
    """

    def __init__(self, guardian: socket.socket, told: dict[str, Any]) -> None:
        self.told = told
        self._guardian = guardian
        self._used = self._looked = time.monotonic()
        self._worked = _worked(told["process"])

    def is_over(self, now: float) -> bool:
        """Tell whether it has been idle for too long."""
        if now - self._looked > _LOOK_SECONDS:
            worked = _worked(self.told["process"])
            if worked - self._worked > _BUSY_SECONDS:
                self._worked, self._used = worked, now
            self._looked = now
        return now - self._used > float(self.told["seconds"])

    def end(self) -> None:
        """End it, if it has not ended by itself."""
        self._guardian.close()
        with suppress(OSError):
            Path(self.told["file"]).unlink(missing_ok=True)


def _worked(process: int) -> float:
    """Return the seconds that a process has computed."""
    with suppress(OSError, ValueError, IndexError):
        told = Path(f"/proc/{process}/stat").read_text(encoding="utf-8")
        fields = told.rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS
    return 0.0
