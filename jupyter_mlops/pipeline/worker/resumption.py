"""Going on from a copy, with somebody who notices when that does not work."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_mlops.pipeline.worker import kinship

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_mlops.pipeline.worker.sleeper import Sleeper

START_SECONDS = 15.0
"""How long a copy may take to wake up."""
_STILL_SECONDS = 10.0
"""How long all threads may wait for one another before that counts as for ever."""
_FUTEX = {"x86_64": "202", "aarch64": "98"}


@dataclass(frozen=True, kw_only=True)
class Resumption:
    """From where cells go on.

    Attributes
    ----------
    sleeper : Sleeper
        The copy.
    first : int
        The notebook's cell to go on with.
    fall_back : callable
        Told why it did not work, before all cells are run instead.
    """

    sleeper: Sleeper
    first: int
    fall_back: Callable[[str], None]


class CopyHangsError(Exception):
    """A copy does not go on, nor will it; its text says what was seen."""


class Watchdog:
    """Notices a process whose threads all wait for one another, and so for ever.

    That is what becomes of a copy in which a thread is missing. A process that waits
    for a clock, for data or for another process is not taken for one.

    Parameters
    ----------
    seconds : float
        How long it must have stood still.
    """

    def __init__(self, seconds: float = _STILL_SECONDS) -> None:
        self._seconds = seconds
        self._since: float | None = None
        self._worked = ""

    def look(self, process: int) -> None:
        """Look at a process; to be called about once a second.

        Raises
        ------
        CopyHangsError
            When it hangs.
        """
        worked = _worked(process)
        if worked != self._worked or not _is_stuck(process):
            self._worked, self._since = worked, None
            return
        now = time.monotonic()
        if self._since is None:
            self._since = now
        elif now - self._since >= self._seconds:
            raise CopyHangsError(
                f"the copy stood still for {now - self._since:.0f} s: each of its "
                f"threads waited for another one"
            )


def _worked(process: int) -> str:
    """Return what changes whenever a process computes."""
    with suppress(OSError):
        fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8")
        return " ".join(fields.rpartition(")")[2].split()[11:13])
    return ""


def _is_stuck(process: int) -> bool:
    if kinship.children_of(process):
        return False
    tasks = Path(f"/proc/{process}/task")
    try:
        return all(_waits_for_ever(task) for task in tasks.iterdir())
    except OSError:
        return False


def _waits_for_ever(task: Path) -> bool:
    try:
        told = (task / "syscall").read_text(encoding="ascii").split()
    except OSError:
        # Some systems let nobody look at that; then any wait for a lock counts.
        return (task / "wchan").read_text(encoding="ascii").startswith("futex_")
    # futex(2): the fourth argument is how long it waits at most, none if zero.
    return told[0] in _FUTEX.values() and int(told[4], 16) == 0
