"""Threads that libraries start when they are imported, laid to rest for a fork."""

from __future__ import annotations

import os
import sys

from jupyter_mlops.pipeline.worker import kinship

_HARMLESS = frozenset({"jemalloc_bg_thd"})
"""Threads that a library's own fork handlers care for."""
_rested: dict[str, int] = {}


def rest_threads() -> None:
    """Have the libraries that can do so end their threads."""
    rest_pools()
    # OpenBLAS ends its threads at a fork, and starts them again when needed.
    process = os.fork()
    if process == 0:
        os._exit(0)
    os.waitpid(process, 0)


def rest_pools() -> None:
    """End what is ended by asking for it; `wake_threads` starts it again."""
    numexpr = sys.modules.get("numexpr")
    if numexpr is not None and hasattr(numexpr, "set_num_threads"):
        _rested["numexpr"] = numexpr.set_num_threads(1)


def wake_threads() -> None:
    """Start them again, in the process that was forked."""
    if "numexpr" in _rested:
        sys.modules["numexpr"].set_num_threads(_rested.pop("numexpr"))


def has_other_threads() -> bool:
    """Tell whether threads live that a forked process would miss."""
    return bool(set(kinship.thread_names()) - _HARMLESS)
