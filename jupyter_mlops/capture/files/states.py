"""What a file or a folder looks like now, to tell later whether it was written."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jupyter_mlops.capture.files.places import COMPILED

if TYPE_CHECKING:
    from jupyter_mlops.capture.files.places import Places

ENTRIES = 20_000
SECONDS = 0.25
_SKIPPED = frozenset({"node_modules", ".tox", ".nox"})
_MARKS = frozenset({"pyvenv.cfg", "conda-meta", "CACHEDIR.TAG"})
"""A folder that holds one of these is an installation or a cache, whatever its name."""

State = tuple[int, int, int]
"""Inode, size and time of the last change."""

Stamp = tuple[int, int, int, int]
"""The same, and when anything about it was last changed, which nobody can set."""


@dataclass(slots=True)
class Snapshot:
    """The files below a folder, as far as they were looked at.

    Attributes
    ----------
    files : dict
        State by absolute path.
    is_whole : bool
        False when there were too many, or looking took too long.
    """

    files: dict[str, State] = field(default_factory=dict)
    is_whole: bool = True


def state_of(path: str) -> State | None:
    """Return a file's state, None when there is none.

    A database that is written may change nothing but the log beside it.
    """
    found = None
    for name in (path, f"{path}-wal"):
        try:
            entry = os.stat(name)  # noqa: PTH116 - no pathlib within a hook
        except (OSError, ValueError):
            continue
        inode, size, newest = found or (entry.st_ino, 0, -1)
        found = (inode, size + entry.st_size, max(newest, entry.st_mtime_ns))
    return found


def stamp_of(path: str) -> Stamp | None:
    """Return what any change of a file changes, None when there is none.

    Of a folder: of the names in it.
    """
    try:
        return stamp_in(os.stat(path))  # noqa: PTH116 - texts are at hand, and many
    except (OSError, ValueError):
        return None


def stamp_in(found: os.stat_result) -> Stamp:
    """Return that of a file which was looked at."""
    return (found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)


def snapshot(
    folder: str,
    places: Places,
    *,
    entries: int = ENTRIES,
    seconds: float = SECONDS,
) -> Snapshot:
    """Look through a folder, without following links, and within bounds."""
    found = Snapshot()
    until = time.perf_counter() + seconds
    stack = [folder]
    while stack:
        here = stack.pop()
        try:
            with os.scandir(here) as listed:
                inside = list(listed)
        except OSError:
            continue
        entries -= len(inside)
        if entries < 0 or time.perf_counter() > until:
            found.is_whole = False
            return found
        # The user's own folder is looked at, whatever it holds.
        if here == folder or _MARKS.isdisjoint(entry.name for entry in inside):
            stack.extend(_look(inside, places, found.files))
    return found


def _look(
    inside: list[os.DirEntry[str]], places: Places, files: dict[str, State]
) -> list[str]:
    """Note the files of one folder; return the folders in it."""
    folders = []
    for entry in inside:
        try:
            if entry.is_symlink():
                continue
            if entry.is_dir():
                name = f"{entry.path}/"
                if entry.name not in _SKIPPED and not places.is_left_out(name):
                    folders.append(entry.path)
            # What is above it was asked for its folder.
            elif entry.is_file() and not entry.name.endswith(COMPILED):
                state = entry.stat()
                files[entry.path] = (state.st_ino, state.st_size, state.st_mtime_ns)
        except OSError:
            # It went away while it was looked at.
            continue
    return folders


def changed_files(before: Snapshot, after: Snapshot) -> list[str]:
    """Return which files are new or changed.

    Where the first look was cut short, a file that it has not seen may be an old one:
    only those seen both times are told.
    """
    old = before.files
    return [
        path
        for path, state in after.files.items()
        if old.get(path) != state and (before.is_whole or path in old)
    ]
