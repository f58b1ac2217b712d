"""The audit hook: what Python itself tells of files, databases and child processes.

A hook can never be taken away again, so it is put in place when the first cell is
watched, and costs next to nothing while none is. It is called for everything that
Python audits, in the middle of anything: it may neither raise nor print.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from typing import TYPE_CHECKING, Any

from jupyter_mlops.capture.files.seen import RemoteFile
from jupyter_mlops.capture.files.urls import bare_url, is_url

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_mlops.capture.files.notes import Notes
    from jupyter_mlops.capture.files.seen import Role

OWN_THREADS = "mlops"
"""What the names of our own threads begin with: their children are not the cell's."""
_CHILDREN = (
    *("subprocess.Popen", "os.system", "os.posix_spawn", "os.spawn"),
    *("os.fork", "os.forkpty", "os.startfile", "_winapi.CreateProcess"),
)

_targets: tuple[Notes, ...] = ()
"""Where the hook notes what it sees; empty while nobody watches."""
_is_installed = False
_lock = threading.Lock()


def begin(notes: Notes) -> None:
    """Send what is seen to `notes`, too."""
    global _targets, _is_installed  # noqa: PLW0603 - a hook belongs to the process, as these do
    with _lock:
        _targets = (*_targets, notes)
        if not _is_installed:
            _is_installed = True
            sys.addaudithook(_hook)


def end(notes: Notes) -> None:
    """Send nothing more to `notes`."""
    global _targets  # noqa: PLW0603 - as above
    with _lock:
        _targets = tuple(target for target in _targets if target is not notes)


def is_watching() -> bool:
    """Tell whether anybody is told anything."""
    return bool(_targets)


def note_path(path: Any, role: Role = "read") -> None:
    """Note a file that a library is about to open without telling Python.

    Parameters
    ----------
    path : Any
        As the user gave it; what is no path is passed over.
    role : str
        Of a URL; a file's is told by whether it changes.
    """
    if not isinstance(path, (str, bytes, os.PathLike)):
        return
    text = os.fsdecode(path)
    if text.startswith("file:"):
        text = text.removeprefix("file:").removeprefix("//").partition("?")[0]
    for notes in _targets:
        if is_url(text):
            notes.note_remote(bare_url(text), role, RemoteFile())
        else:
            notes.compare(text)


def note_remote(url: str, role: Role, file: RemoteFile) -> None:
    """Note a file elsewhere, by its URL without credentials."""
    for notes in _targets:
        notes.note_remote(url, role, file)


def note_left_out(folders: list[str]) -> None:
    """Note where a library keeps copies of its own."""
    for notes in _targets:
        notes.left_out.update(folders)


def note_child() -> None:
    """Note that a child process is about to start."""
    if threading.current_thread().name.startswith(OWN_THREADS):
        return
    for notes in _targets:
        notes.note_child()


def _hook(event: str, args: tuple[Any, ...]) -> None:
    targets = _targets
    if not targets:
        return
    if event == "open":
        try:
            for notes in targets:
                notes.opened[args] = None
        except Exception:  # noqa: BLE001 - a user's path object may have no hash
            return
        return
    note = _NOTED.get(event)
    if note is not None:
        with contextlib.suppress(Exception):
            note(args)


def _note_name(args: tuple[Any, ...]) -> None:
    """Note the new name of a file: safe writers write beside it and rename."""
    name, folder = args[1], args[3] if len(args) > 3 else -1  # noqa: PLR2004 - source, target, their folders
    path = os.fsdecode(name)
    if folder >= 0:
        path = os.path.join(os.readlink(f"/proc/self/fd/{folder}"), path)  # noqa: PTH115, PTH118 - no pathlib within a hook
    for notes in _targets:
        notes.compare(path, is_open=False)


def _note_truncated(args: tuple[Any, ...]) -> None:
    if not isinstance(args[0], int):
        for notes in _targets:
            notes.compare(os.fsdecode(args[0]), is_open=False)


def _note_database(args: tuple[Any, ...]) -> None:
    """Note a database with its state now: opening it does not tell its role."""
    name = os.fsdecode(args[0])
    path = name[5:].partition("?")[0] if name.startswith("file:") else name
    if path and not path.startswith(":memory:") and "mode=memory" not in name:
        for notes in _targets:
            notes.compare(path)


def _note_move(args: tuple[Any, ...]) -> None:
    """Begin a new stay: relative paths mean another folder from now on."""
    target = args[0]
    if isinstance(target, int):
        target = os.readlink(f"/proc/self/fd/{target}")  # noqa: PTH115 - as above
    folder = os.path.join(working_folder(), os.fsdecode(target))  # noqa: PTH118 - as above
    # The event comes before the call, which fails for what is no folder.
    if os.path.isdir(folder):  # noqa: PTH112 - as above
        for notes in _targets:
            notes.move(folder)


def _note_child(_args: tuple[Any, ...]) -> None:
    note_child()


_NOTED: dict[str, Callable[[tuple[Any, ...]], None]] = {
    "os.rename": _note_name,
    "os.link": _note_name,
    "os.truncate": _note_truncated,
    "sqlite3.connect": _note_database,
    "os.chdir": _note_move,
    **dict.fromkeys(_CHILDREN, _note_child),
}


def working_folder() -> str:
    """Return the working directory; where it was deleted, the root."""
    try:
        return os.getcwd()  # noqa: PTH109 - as above
    except OSError:
        return "/"
