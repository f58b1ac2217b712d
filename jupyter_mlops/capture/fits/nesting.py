"""Which fit is the outermost one, in a process with threads."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType

_local = threading.local()
_outer: dict[int, bool] = {}
"""By thread: an outermost fit runs there; whether joblib started it."""


def is_inner() -> bool:
    """Tell whether a fit that begins here and now is part of another one.

    It is in the same thread; or in a thread of joblib's while another thread, which
    is not, fits: there a search or an ensemble works in parallel.
    """
    if getattr(_local, "is_fitting", False):
        return True
    others = list(_outer.values())
    return bool(others) and not all(others) and _is_from_joblib()


def enter() -> None:
    """Begin an outermost fit in this thread."""
    _local.is_fitting = True
    _outer[threading.get_ident()] = _is_from_joblib()


def leave() -> None:
    """End it."""
    _local.is_fitting = False
    _outer.pop(threading.get_ident(), None)


def forget() -> None:
    """Forget the fits of other threads, which a forked child does not have."""
    _outer.clear()


def _is_from_joblib() -> bool:
    if "joblib" not in sys.modules:
        return False
    frame: FrameType | None = sys._getframe(1)  # noqa: SLF001 - the documented way to one's callers
    while frame is not None:
        if str(frame.f_globals.get("__name__", "")).startswith("joblib."):
            return True
        frame = frame.f_back
    return False
