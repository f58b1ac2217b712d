"""Remembers what git said of a work tree, for as long as nothing there has changed.

A look costs a few processes. Whether the last one still holds is seen by the times of
the files that git knows; where they are too many for that, it holds for a second.
"""

from __future__ import annotations

import os
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jupyter_mlops.capture.dirtydiff import GitDiff, git_diff, tracked_files
from jupyter_mlops.capture.git import Worktree, find_worktree

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_FEW = 40
"""Files and folders whose times are compared around every cell: 3 µs for each."""
_FRESH_SECONDS = 1.0
_PATIENCE = 10
"""A slow look holds for so many times as long as it took."""
_TICK = 50_000_000
_OF_GIT = ("HEAD", "index", "logs/HEAD")

Marks = tuple[tuple[int, int] | None, ...]


@dataclass(frozen=True, slots=True)
class GitLook:
    """What git said at one moment.

    Attributes
    ----------
    diff : GitDiff or None
        None when git could not be asked.
    """

    diff: GitDiff | None
    began: float
    seconds: float
    places: Sequence[str] | None = None
    marks: Marks = ()

    def still_holds(self) -> bool:
        """Tell whether asking again would give the same."""
        if self.places is None:
            good_for = max(_FRESH_SECONDS, _PATIENCE * self.seconds)
            return time.monotonic() - self.began < good_for
        return _marks(self.places) == self.marks


class GitWatch:
    """Looks at one work tree, one look at a time."""

    def __init__(self, tree: Worktree) -> None:
        self._tree = tree
        self._lock = threading.Lock()
        self._last: GitLook | None = None

    def known(self) -> GitLook | None:
        """Return the last look if it still holds; this starts no process."""
        last = self._last
        return last if last is not None and last.still_holds() else None

    def look(self) -> GitLook:
        """Ask git, unless somebody just did."""
        with self._lock:
            known = self.known()
            if known is None:
                known = self._last = self._ask()
            return known

    def _ask(self) -> GitLook:
        began = time.monotonic()
        places = self._places()
        marks = () if places is None else _marks(places)
        now = time.time_ns()
        diff = git_diff(self._tree.folder)
        if any(mark is not None and now - mark[0] < _TICK for mark in marks):
            # Changed again within the same tick of the clock, a file looks the same.
            places = None
        seconds = time.monotonic() - began
        return GitLook(diff, began, seconds, places, marks)

    def _places(self) -> list[str] | None:
        """Return what must be looked at to see a change, None when it is too much."""
        files = tracked_files(self._tree.folder)
        if files is None:
            return None
        # A new file changes the time of its folder.
        folders = {self._tree.folder}
        for file in files:
            folder = file.rpartition("/")[0]
            while folder:
                folders.add(f"{self._tree.folder}/{folder}")
                folder = folder.rpartition("/")[0]
        if len(files) + len(folders) > _FEW:
            return None
        return [
            *(f"{self._tree.git}/{name}" for name in _OF_GIT),
            f"{self._tree.common}/packed-refs",
            *sorted(folders),
            *(f"{self._tree.folder}/{file}" for file in files),
        ]


_watches: dict[str, GitWatch] = {}


def watch_of(folder: Path | str) -> GitWatch | None:
    """Return what watches the work tree around a folder; None where there is no git."""
    try:
        tree = find_worktree(folder)
    except OSError:
        return None
    if tree is None:
        return None
    return _watches.setdefault(tree.folder, GitWatch(tree))


def _marks(places: Sequence[str]) -> Marks:
    return tuple(_mark(place) for place in places)


def _mark(place: str) -> tuple[int, int] | None:
    try:
        found = os.lstat(place)
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def _forget() -> None:
    """Begin anew in a child: a look that its parent is in the middle of never ends."""
    _watches.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
