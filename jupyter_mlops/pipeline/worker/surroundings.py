"""What a process has around it beside its environment variables, to be shared."""

from __future__ import annotations

import os
import resource
from contextlib import suppress
from typing import Any

_LIMITS = [name for name in dir(resource) if name.startswith("RLIMIT_")]


def surroundings() -> dict[str, Any]:
    """Describe the surroundings of this process."""
    umask = os.umask(0o077)
    os.umask(umask)
    return {
        "umask": umask,
        "limits": {
            name: resource.getrlimit(getattr(resource, name)) for name in _LIMITS
        },
        "cpus": sorted(os.sched_getaffinity(0)),
        "nice": os.getpriority(os.PRIO_PROCESS, 0),
    }


def take_on(around: dict[str, Any]) -> None:
    """Take on what `surroundings` described elsewhere, as far as allowed."""
    os.umask(around["umask"])
    with suppress(OSError):
        os.sched_setaffinity(0, around["cpus"])
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, 0, around["nice"])
    for name, (soft, hard) in around["limits"].items():
        with suppress(OSError, ValueError):
            resource.setrlimit(getattr(resource, name), (soft, hard))
