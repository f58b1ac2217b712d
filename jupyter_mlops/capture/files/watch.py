"""Which files are opened while a cell runs: seen, noted, and made sense of after it."""

from __future__ import annotations

import os
import stat
import sys
from typing import TYPE_CHECKING, Any

# Imported for what they make known to `seams`.
from jupyter_mlops.capture.files import hook, openings, remotes, seams  # noqa: F401 - as said above
from jupyter_mlops.capture.files.digests import OWN_FLAGS
from jupyter_mlops.capture.files.notes import Notes
from jupyter_mlops.capture.files.places import Places
from jupyter_mlops.capture.files.seen import Role, SeenFile
from jupyter_mlops.capture.files.states import (
    ENTRIES,
    Snapshot,
    changed_files,
    snapshot,
    stamp_of,
    state_of,
)
from jupyter_mlops.capture.notebook import notebook_path

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlops.capture.files.notes import Before
    from jupyter_mlops.capture.files.states import Stamp

_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class FileWatch:
    """Collects the files opened by this process, in all its threads.

    Several may be on at once: a notebook's, and that of a cell within it. Of child
    processes, the files of the project are told that they have written.

    Parameters
    ----------
    project : Path, optional
        The folder of the user's work. What belongs to the interpreter, to caches
        and to us is left out everywhere.

    Attributes
    ----------
    problems : list of str
        What could not be seen; a sentence each.
    """

    def __init__(self, project: Path | str | None = None) -> None:
        self.problems: list[str] = []
        # The working directory is told without links, however it was reached.
        self._project = None if project is None else os.path.realpath(project)
        self._notes: Notes | None = None
        self._resting: Snapshot | None = None
        self._stamps: dict[str, Stamp | None] = {}

    def start(self) -> FileWatch:
        """Begin to watch; returns itself."""
        notes = Notes(Places(self._project), self._project, hook.working_folder())
        self._notes = notes
        if _has_children():
            notes.note_child()
        hook.begin(notes)
        seams.place()
        return self

    def stop(self) -> list[SeenFile]:
        """Stop watching and tell what was seen, sorted by path.

        Files that are gone, folders, pipes and devices are left out.
        """
        notes, self._notes = self._notes, None
        if notes is None:
            return []
        hook.end(notes)
        seams.remove()
        roles = _Roles(notes, self.problems)
        for folder, opened in (*notes.past, (notes.folder, notes.opened)):
            roles.add_opened(folder, opened)
        # list() first: a thread that the cell left behind may still be opening files.
        for path, before in list(notes.compared.items()):
            roles.add_compared(path, before)
        if notes.children is not None:
            self._add_children(notes, roles)
        seen = [SeenFile(path, role) for path, role in roles.files()]
        seen.extend(
            SeenFile(url, role, remote)
            for url, (role, remote) in list(notes.remotes.items())
        )
        return sorted(seen, key=lambda file: file.path)

    @property
    def has_children(self) -> bool:
        """Whether child processes have been started."""
        return self._notes is not None and self._notes.children is not None

    def paths(self) -> set[str]:
        """Return all that was opened or compared so far, whatever was done to it."""
        notes = self._notes
        if notes is None:
            return set()
        # A database that is written may change nothing but the log beside it.
        found = {name for path in notes.compared for name in (path, f"{path}-wal")}
        for folder, opened in (*notes.past, (notes.folder, notes.opened)):
            found |= {_absolute(args[0], folder) or "" for args in list(opened)}
        return {path for path in found if path and not notes.places.is_left_out(path)}

    def rest(self) -> None:
        """Look at the project once more: the process is about to be copied."""
        notes = self._notes
        if notes is None:
            return
        if notes.children is not None and notes.project is not None:
            self._resting = snapshot(notes.project, notes.places)
            written = changed_files(notes.children, self._resting)
            self._stamps = {path: stamp_of(path) for path in written}
        notes.is_resting = True

    def go_on(self) -> None:
        """Watch as before: the copy was made."""
        if self._notes is not None:
            self._notes.is_resting = False

    def wake(self) -> list[str]:
        """Take what others have changed since `rest` for theirs.

        Returns
        -------
        list of str
            Once child processes have run, whatever changed in it, for nobody saw what
            they read; the project itself, if that cannot be told.
        """
        self.go_on()
        notes, resting = self._notes, self._resting
        if notes is None or resting is None or notes.children is None:
            return []
        assert notes.project is not None
        now = snapshot(notes.project, notes.places)
        gone = resting.files.keys() - now.files.keys() if now.is_whole else set()
        others = [*changed_files(resting, now), *gone]
        for path in others:
            notes.children.files.pop(path, None)
            if path in now.files:
                notes.children.files[path] = now.files[path]
        if not (notes.children.is_whole and resting.is_whole and now.is_whole):
            return [notes.project]
        # What they wrote is looked at more closely: times can be set back.
        written = [path for path, was in self._stamps.items() if stamp_of(path) != was]
        return list(dict.fromkeys([*written, *others]))

    def _add_children(self, notes: Notes, roles: _Roles) -> None:
        assert notes.children is not None
        assert notes.project is not None
        after = snapshot(notes.project, notes.places)
        # Whoever edits the notebook saves it while its cells run.
        notebook = notebook_path(vars(sys.modules["__main__"]))
        own = None if notebook is None else f"/{notebook.lstrip('/')}"
        for path in changed_files(notes.children, after):
            if own is None or not path.endswith(own):
                roles.add(path, "written")
        if not (notes.children.is_whole and after.is_whole):
            self.problems.append(
                "not all files that child processes have written are recorded: "
                f"{notes.project} holds too much to be looked through around a cell "
                f"(more than {ENTRIES:,} entries, or too slow a disk)"
            )


class _Roles:
    """Gathers what was done to each file."""

    def __init__(self, notes: Notes, problems: list[str]) -> None:
        self._problems = problems
        self._places = notes.places
        self._left_out = tuple(f"{folder}/" for folder in notes.left_out)
        self._roles: dict[str, Role] = {}

    def add(self, path: str, role: Role) -> None:
        """Note one file; written wins over read."""
        if role == "written" or path not in self._roles:
            self._roles[path] = role

    def add_opened(self, folder: str, opened: dict[tuple[Any, ...], None]) -> None:
        """Note what ``open`` events tell, raised while in `folder`."""
        for args in list(opened):
            if len(args) != 3:  # noqa: PLR2004 - path, mode and flags; others raise it, too
                continue
            path, mode, flags = args
            if flags == OWN_FLAGS and mode is None:
                continue
            absolute = _absolute(path, folder)
            if absolute is not None and not self._places.is_left_out(absolute):
                is_write = isinstance(flags, int) and flags & _WRITES
                self.add(absolute, "written" if is_write else "read")

    def add_compared(self, path: str, before: Before) -> None:
        """Note what was looked at before, by how it looks now."""
        if self._places.is_left_out(path):
            return
        if os.path.isdir(path):  # noqa: PTH112 - a text, as all paths here
            self._add_folder(path, before)
        elif state_of(path) != before.state:
            self.add(path, "written")
        elif before.is_open:
            self.add(path, "read")

    def _add_folder(self, path: str, before: Before) -> None:
        old = before.state if isinstance(before.state, Snapshot) else Snapshot()
        now = snapshot(path, self._places)
        written = changed_files(old, now)
        for file in written:
            self.add(file, "written")
        if before.is_open and not written:
            for file in now.files:
                self.add(file, "read")
        if not (old.is_whole and now.is_whole):
            self._problems.append(
                f"not all files in {path} are recorded: it holds too many"
            )

    def files(self) -> list[tuple[str, Role]]:
        """Tell the files that are still there, without the sources of modules."""
        roles = self._roles
        modules = _module_files() if any(p.endswith(".py") for p in roles) else set()
        return [
            (path, role)
            for path, role in roles.items()
            # A module's source is code that was imported, no data that was read.
            if (role == "written" or path not in modules)
            and not path.startswith(self._left_out)
            and _is_file(path)
        ]


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


def _has_children() -> bool:
    """Tell whether worker processes of an earlier cell are still there."""
    process = sys.modules.get("multiprocessing.process")
    return bool(getattr(process, "_children", None))
