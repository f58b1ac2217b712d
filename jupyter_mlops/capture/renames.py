"""Where a notebook is now that was renamed while its kernel went on."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_ENTRIES = 2000
"""How many files and folders are looked at for one that is gone."""
_LARGEST = 200_000_000

_inodes: dict[str, tuple[int, int]] = {}
_moves: dict[str, str] = {}
_missed: dict[str, object] = {}


def present_path(path: str, cell_id: str | None = None) -> str:
    """Return where the notebook is that was at `path`; `path` if nobody knows.

    It is known by being the same file, or by holding the cell that runs.
    """
    moved = _moves.get(path)
    for place in (path,) if moved is None else (moved, path):
        found = _identity(place)
        if found is not None:
            _inodes[path] = found
            return place
    folder = os.path.dirname(path)  # noqa: PTH120 - around every cell: cheap
    state = (cell_id, _time(folder))
    if not os.path.isabs(path) or _missed.get(path) == state:  # noqa: PTH117 - as above
        return path
    found_at = _search(path, folder, cell_id)
    if found_at is None:
        _missed[path] = state
        return path
    _moves[path] = found_at
    return found_at


def _search(path: str, folder: str, cell_id: str | None) -> str | None:
    inode = _inodes.get(path)
    mark = f'"{cell_id}"'.encode() if cell_id else None
    holding = []
    for place in _notebooks_near(folder):
        if inode is not None and _identity(place) == inode:
            return place
        if mark is not None and _holds(place, mark):
            holding.append(place)
    # A copy holds the same cells: then it could be either.
    return holding[0] if len(holding) == 1 else None


def _notebooks_near(folder: str) -> Iterator[str]:
    """Give the notebooks in the folder or, where it is gone, around it; and below."""
    while folder and not os.path.isdir(folder):  # noqa: PTH112 - as above
        folder = os.path.dirname(folder)  # noqa: PTH120 - as above
    room = _ENTRIES
    for top, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (f"{top}/{name}" for name in files if name.endswith(".ipynb"))
        room -= len(folders) + len(files)
        if room < 0:
            return


def _holds(place: str, mark: bytes) -> bool:
    try:
        if os.path.getsize(place) > _LARGEST:  # noqa: PTH202 - as above
            return False
        with open(place, "rb") as file:  # noqa: PTH123 - as above
            return mark in file.read()
    except OSError:
        return False


def _identity(place: str) -> tuple[int, int] | None:
    try:
        found = os.stat(place)  # noqa: PTH116 - as above
    except (OSError, ValueError):
        return None
    return found.st_dev, found.st_ino


def _time(folder: str) -> int:
    try:
        return os.stat(folder).st_mtime_ns  # noqa: PTH116 - as above
    except OSError:
        return 0
