"""Real processes of workers: which there are, and ending them."""

from __future__ import annotations

import contextlib
import os
import select
from pathlib import Path


def parents_in(place):
    """Find parents that listen in a folder, and what they have forked."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                words = (entry / "cmdline").read_bytes().decode().split("\0")
                status = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if any(word.startswith(str(place)) for word in words) and status[0] != "Z":
                found.append(int(entry.name))
    return found


def end(process):
    """Kill a process, and see it gone."""
    try:
        handle = os.pidfd_open(process)
    except OSError:
        return
    with contextlib.suppress(OSError):
        os.kill(process, 9)
    select.select([handle], [], [], 10)
    os.close(handle)
