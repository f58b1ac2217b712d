"""Which files are opened while a cell runs, seen by an audit hook. Reads none of them.

A hook can never be taken away again, so it is put in place when the first cell is
watched, and costs next to nothing while none is. Not seen: files of child processes,
and those that libraries open in C without telling Python (parquet by pyarrow).
"""

from __future__ import annotations

import os
import stat
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from jupyter_mlops.capture.digests import (
    OWN_FLAGS,
    DigestCache,
    Role,
    SeenFile,
    digest_files,
)
from jupyter_mlops.capture.fileplaces import Places

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["DigestCache", "FileWatch", "Role", "SeenFile", "digest_files"]

_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


@dataclass(slots=True)
class _Stay:
    """What was opened while the process was in one working directory."""

    folder: str
    opened: dict[tuple[Any, ...], None] = field(default_factory=dict)
    databases: dict[str, tuple[int, int]] = field(default_factory=dict)


class FileWatch:
    """Collects the files opened by this process, in all its threads.

    Several may be on at once: a notebook's, and that of a cell within it.

    Parameters
    ----------
    project : Path, optional
        The folder of the user's work. What belongs to the interpreter, to caches
        and to us is left out everywhere.
    """

    def __init__(self, project: Path | str | None = None) -> None:
        self._project = project
        self._stays: list[_Stay] = []

    def start(self) -> FileWatch:
        """Begin to watch; returns itself."""
        _install_hook()
        self._stays = [_Stay(_working_folder())]
        _watches.append(self)
        _renew_targets()
        return self

    def stop(self) -> list[SeenFile]:
        """Stop watching and tell what was seen, sorted by path.

        Files that are gone, folders, pipes and devices are left out.
        """
        if self in _watches:
            _watches.remove(self)
            _renew_targets()
        roles: dict[str, Role] = {}
        places = Places(self._project)
        for stay in self._stays:
            _collect(stay, places, roles)
        self._stays = []
        modules = _module_files() if any(p.endswith(".py") for p in roles) else set()
        return [
            SeenFile(path, role)
            for path, role in sorted(roles.items())
            # A module's source is code that was imported, no data that was read.
            if (role == "written" or path not in modules) and _is_file(path)
        ]

    def _move(self, folder: str) -> None:
        self._stays.append(_Stay(folder))


_watches: list[FileWatch] = []
_targets: tuple[_Stay, ...] = ()
"""Where the hook notes what it sees; empty while nobody watches."""
_is_installed = False


def _install_hook() -> None:
    global _is_installed  # noqa: PLW0603 - a hook belongs to the process, as this does
    if not _is_installed:
        _is_installed = True
        sys.addaudithook(_hook)


def _renew_targets() -> None:
    global _targets  # noqa: PLW0603 - read by the hook, which has nothing else
    # A copy, made in one go: other threads may start and stop watches.
    _targets = tuple(watch._stays[-1] for watch in _watches.copy())  # noqa: SLF001 - one noun, one file


def _hook(event: str, args: tuple[Any, ...]) -> None:
    """Note an opened file.

    It is called for everything that Python audits, in the middle of anything: it
    may neither raise, import, open nor print, and must be done at once.
    """
    targets = _targets
    if not targets:
        return
    if event == "open":
        try:
            for stay in targets:
                stay.opened[args] = None
        except Exception:  # noqa: BLE001 - a user's path object may have no hash
            return
    elif event == "os.rename":
        _note_rename(targets, args)
    elif event == "sqlite3.connect":
        _note_database(targets, args)
    elif event == "os.chdir":
        _note_move(args)


def _note_rename(targets: tuple[_Stay, ...], args: tuple[Any, ...]) -> None:
    """Note the new name as written: safe writers write beside it and rename."""
    try:
        for stay in targets:
            stay.opened[(args[1], None, os.O_WRONLY)] = None
    except Exception:  # noqa: BLE001 - as above
        return


def _note_database(targets: tuple[_Stay, ...], args: tuple[Any, ...]) -> None:
    """Note a database with its state now: opening it does not tell its role."""
    try:
        name = os.fsdecode(args[0])
        path = name[5:].partition("?")[0] if name.startswith("file:") else name
        if not path or path.startswith(":memory:"):
            return
        for stay in targets:
            absolute = os.path.join(stay.folder, path)  # noqa: PTH118 - no pathlib within a hook
            stay.databases.setdefault(absolute, _state(absolute))
    except Exception:  # noqa: BLE001 - a hook that raises breaks the user's call
        return


def _note_move(args: tuple[Any, ...]) -> None:
    """Begin a new stay: relative paths mean another folder from now on."""
    try:
        target = args[0]
        if isinstance(target, int):
            target = os.readlink(f"/proc/self/fd/{target}")  # noqa: PTH115 - as above
        folder = os.path.join(_working_folder(), os.fsdecode(target))  # noqa: PTH118 - as above
        # The event comes before the call, which fails for what is no folder.
        if os.path.isdir(folder):  # noqa: PTH112 - as above
            for watch in _watches.copy():
                watch._move(folder)  # noqa: SLF001 - one noun, one file
            _renew_targets()
    except Exception:  # noqa: BLE001 - as above
        return


def _working_folder() -> str:
    try:
        return os.getcwd()  # noqa: PTH109 - as above
    except OSError:
        # The folder was deleted under the process.
        return "/"


def _state(path: str) -> tuple[int, int]:
    """Return what changes when a database is written: its log's or its own time."""
    newest, size = -1, 0
    for name in (path, f"{path}-wal"):
        try:
            found = os.stat(name)  # noqa: PTH116 - as above
        except OSError:
            continue
        newest, size = max(newest, found.st_mtime_ns), size + found.st_size
    return newest, size


def _collect(stay: _Stay, places: Places, roles: dict[str, Role]) -> None:
    # list() first: a thread that the cell left behind may still be opening files.
    for args in list(stay.opened):
        if len(args) != 3:  # noqa: PLR2004 - path, mode and flags; others raise it, too
            continue
        path, mode, flags = args
        if flags == OWN_FLAGS and mode is None:
            continue
        absolute = _absolute(path, stay.folder)
        if absolute is not None and not places.is_left_out(absolute):
            is_write = isinstance(flags, int) and flags & _WRITES
            if is_write or absolute not in roles:
                roles[absolute] = "written" if is_write else "read"
    for path, before in list(stay.databases.items()):
        absolute = os.path.normpath(path)
        if not places.is_left_out(absolute):
            is_write = _state(path) != before
            if is_write or absolute not in roles:
                roles[absolute] = "written" if is_write else "read"


def _absolute(path: Any, folder: str) -> str | None:
    if type(path) is str and "./" not in path and "//" not in path:
        # Nearly all of them: there is nothing to normalise.
        return path if path[:1] == "/" else f"{folder.rstrip('/')}/{path}"
    if isinstance(path, int) or path is None:
        return None
    try:
        return os.path.normpath(os.path.join(folder, os.fsdecode(path)))  # noqa: PTH118 - as above
    except Exception:  # noqa: BLE001 - a user's path object may raise anything
        return None


def _is_file(path: str) -> bool:
    try:
        return stat.S_ISREG(os.stat(path).st_mode)  # noqa: PTH116 - as above
    except (OSError, ValueError):
        return False


def _module_files() -> set[str]:
    found = set()
    for module in list(sys.modules.values()):
        file = getattr(module, "__dict__", {}).get("__file__")
        if isinstance(file, str):
            found.add(file)
    return found
