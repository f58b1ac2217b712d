"""Processes told apart for good: an id is given to another one some day."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_STATE, _BIRTH = 0, 19
"""Fields of ``/proc/PID/stat`` behind the name."""
_GONE = ("Z", "X")
_BOOT = Path("/proc/sys/kernel/random/boot_id")
_children: list[subprocess.Popen[bytes]] = []
"""Those of this process that have not ended, as far as was looked."""


def start_detached(
    words: Sequence[str], *, folder: Path, environment: Mapping[str, str]
) -> subprocess.Popen[bytes]:
    """Start a process that outlives this one, and takes what it is to do by a pipe."""
    reap()
    child = subprocess.Popen(
        words,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env=environment,
        start_new_session=True,
    )
    _children.append(child)
    return child


def reap() -> None:
    """Let go of those that have ended: else they stay in the table of processes."""
    for child in _children[:]:
        if child.poll() is not None and child in _children:
            _children.remove(child)


def birth_of(process: int) -> str:
    """Say when a process began, as a word that no other process of its id has.

    Returns
    -------
    str
        Empty when there is none, or it has ended and only waits to be noticed.
    """
    if process <= 0:
        return ""
    return _from_proc(process) if sys.platform == "linux" else _from_ps(process)


def send_signal(process: int, birth: str, number: int = signal.SIGINT) -> bool:
    """Signal the process that was born so; tell whether it was still there."""
    if not birth:
        return False
    try:
        # The file stays this process's, so its id cannot become another's meanwhile.
        held = os.pidfd_open(process) if hasattr(os, "pidfd_open") else -1
    except OSError:
        return False
    try:
        if birth_of(process) != birth:
            return False
        if held < 0:
            os.kill(process, number)
        else:
            signal.pidfd_send_signal(held, number)
    except (ProcessLookupError, PermissionError):
        return False
    finally:
        if held >= 0:
            os.close(held)
    return True


def holds_open(process: int, file: Path) -> bool:
    """Tell whether a process of the same user has this very file open; Linux only.

    Raises
    ------
    PermissionError
        When it is another user's.
    """
    try:
        if os.stat(f"/proc/{process}").st_uid != os.geteuid():  # noqa: PTH116 - as below
            raise PermissionError(process)
        wanted = file.stat()
        held = os.listdir(f"/proc/{process}/fd")  # noqa: PTH208 - names are all that is needed
    except FileNotFoundError:
        return False
    for name in held:
        with suppress(OSError):
            # What the link leads to, also where its name was taken away.
            found = os.stat(f"/proc/{process}/fd/{name}")  # noqa: PTH116 - no path of a user's
            if os.path.samestat(found, wanted):
                return True
    return False


def ignores(process: int, number: int) -> bool:
    """Tell whether a process ignores a signal; Linux only."""
    return _has_bit(process, "SigIgn:", number)


def catches(process: int, number: int) -> bool:
    """Tell whether a process does something of its own at a signal; Linux only."""
    return _has_bit(process, "SigCgt:", number)


def _has_bit(process: int, line: str, number: int) -> bool:
    try:
        told = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    except OSError:
        return False
    masks = [one.split()[1] for one in told.splitlines() if one.startswith(line)]
    return any(int(mask, 16) >> (number - 1) & 1 for mask in masks)


def _from_proc(process: int) -> str:
    try:
        # The name before may hold blanks and parentheses.
        told = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        boot = _BOOT.read_text().strip()
    except OSError:
        return ""
    return "" if told[_STATE] in _GONE else f"{boot}:{told[_BIRTH]}"


def _from_ps(process: int) -> str:
    words = ["ps", "-o", "stat=", "-o", "lstart=", "-p", str(process)]
    told = subprocess.run(words, capture_output=True, text=True, check=False)
    state, _, birth = told.stdout.strip().partition(" ")
    return "" if state.startswith(_GONE) else birth.strip()
