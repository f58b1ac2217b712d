"""What is noted while a cell runs: raw, as cheap as can be; made sense of later."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from jupyter_mlops.capture.files.states import Snapshot, State, snapshot, state_of

if TYPE_CHECKING:
    from jupyter_mlops.capture.files.places import Places
    from jupyter_mlops.capture.files.seen import RemoteFile, Role

_FOLDER_ENTRIES = 5_000


class Before(NamedTuple):
    """What was at a path before something was done to it.

    Attributes
    ----------
    is_open : bool
        It was opened: when it does not change, it was read. Otherwise (a rename) it
        is a file of the cell's only when it changes.
    """

    state: State | Snapshot | None
    is_open: bool


@dataclass(slots=True)
class Notes:
    """What one watch has seen so far.

    Attributes
    ----------
    opened : dict
        Arguments of ``open`` events since the working directory was last changed.
    past : list
        The same, with their working directory, from before that.
    compared : dict
        By absolute path: what must be looked at again to know its role.
    remotes : dict
        By URL, without credentials.
    left_out : set of str
        Folders in which a library keeps copies of its own.
    children : Snapshot or None
        The project before the first child process started.
    is_resting : bool
        The process is being copied: that is no child of a cell's.
    """

    places: Places
    project: str | None
    folder: str
    opened: dict[tuple[Any, ...], None] = field(default_factory=dict)
    past: list[tuple[str, dict[tuple[Any, ...], None]]] = field(default_factory=list)
    compared: dict[str, Before] = field(default_factory=dict)
    remotes: dict[str, tuple[Role, RemoteFile]] = field(default_factory=dict)
    left_out: set[str] = field(default_factory=set)
    children: Snapshot | None = None
    is_resting: bool = False

    def move(self, folder: str) -> None:
        """Begin anew in another working directory."""
        self.past.append((self.folder, self.opened))
        self.folder, self.opened = folder, {}

    def compare(self, path: str, *, is_open: bool = True) -> None:
        """Note what is at a path now, to compare it after the cell."""
        absolute = os.path.normpath(os.path.join(self.folder, path))  # noqa: PTH118 - may run within a hook
        known = self.compared.get(absolute)
        if known is not None:
            if is_open and not known.is_open:
                self.compared[absolute] = Before(known.state, is_open=True)
            return
        state: State | Snapshot | None = state_of(absolute)
        if state is not None and os.path.isdir(absolute):  # noqa: PTH112 - as above
            state = snapshot(absolute, self.places, entries=_FOLDER_ENTRIES)
        self.compared[absolute] = Before(state, is_open)

    def note_remote(self, url: str, role: Role, file: RemoteFile) -> None:
        """Note a file elsewhere; written wins over read, and more said over less."""
        known = self.remotes.get(url)
        if known is not None:
            old, earlier = known
            if (old, role) == ("written", "read") or (
                old == role and earlier.details is not None
            ):
                return
        self.remotes[url] = role, file

    def note_child(self) -> None:
        """Note that a child process is about to start."""
        if self.is_resting:
            return
        if self.children is None and self.project is not None:
            self.children = snapshot(self.project, self.places)
