"""What a step's cells have met, compared when a copy of their process wakes up.

Only if all of it is still as it was do the restored cells stand for cells run now; a
cached version that rests on them would be a wrong one else.
"""

from __future__ import annotations

import os
import stat
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from jupyter_mlops.capture.files.states import stamp_in, stamp_of
from jupyter_mlops.capture.ownimports import OwnImports
from jupyter_mlops.pipeline.steps.held import what_is_held
from jupyter_mlops.pipeline.versions.trace import listing_digest

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from jupyter_mlops.capture.files.places import Places
    from jupyter_mlops.capture.files.states import Stamp

_TICK_SECONDS = 0.02
"""Within so much of a file's last change another one could leave the same times."""
_SHOWN = 3
_MOST_INSIDE = 20_000
"""Entries of one folder, and of those below it, that are looked at."""


@dataclass
class StepWitness:
    """Notes what a step's cells have met; a `worker.witnesses.Witness`.

    Parameters
    ----------
    project : str
        The folder of the user's work, for what is said.
    places : Places
        Which files are the user's.
    outputs : list of str
        Places that the step itself declares: the runner sees to them.
    written : collection of str
        Places that all steps write: they come and go.
    opened : callable
        Gives paths of files so far: read, written, missed or removed.
    made : callable
        Gives folders that were made so far, or were there already.
    listed : callable
        Gives folders whose names were read so far.
    modules : callable
        Gives the files of local modules that are loaded, here or in child processes.
    surroundings : callable
        Gives what is known of Python and of what is installed.
    """

    project: str
    places: Places
    outputs: list[str]
    written: Collection[str]
    opened: Callable[[], Iterable[str]]
    made: Callable[[], Iterable[str]]
    listed: Callable[[], Iterable[str]]
    modules: Callable[[], Iterable[str]]
    surroundings: Callable[[], Any]
    known: set[str] = field(default_factory=set)
    _files: dict[str, Any] = field(default_factory=dict)
    _names: dict[str, str] = field(default_factory=dict)
    _around: Any = None
    _made: list[str] = field(default_factory=list)
    _folder: Any = None
    _held: list[str] = field(default_factory=list)

    def note(self) -> None:
        """Note how they are."""
        with OwnImports():
            is_left_out = self.places.is_left_out
            paths = {path for path in self.opened() if not is_left_out(path)}
            paths.update(self.modules())
            self._files = {
                path: self._state(path) for path in paths if not self.is_output(path)
            }
            self._made = [path for path in self.made() if os.path.isdir(path)]  # noqa: PTH112 - texts are at hand, and many
            self._names = {path: self._listing(path) for path in self.listed()}
            self._around = self.surroundings()
            self._folder = _working_folder()
            held = what_is_held(self.is_output)
            self._held = [words.replace(f"{self.project}/", "") for words in held]
            _let_clock_tick(self._files.values())

    def go_on(self) -> None:
        """Do nothing: what was noted is the copy's."""

    def changes(self) -> list[str]:
        """Say what is otherwise now."""
        with OwnImports():
            found = list(self._held)
            if self._folder is None or _working_folder() != self._folder:
                found.append("its working directory is another one")
            changed = [
                path
                for path, state in self._files.items()
                if self._state(path) != state
            ]
            found += [f"{_shown(path, self.project)} changed" for path in changed]
            found += [
                f"the files in {_shown(path, self.project)} are others"
                for path, digest in self._names.items()
                if self._listing(path) != digest
            ]
            found += [
                f"the folder {_shown(path, self.project)} is gone"
                for path in self._made
                if not os.path.isdir(path)  # noqa: PTH112 - as above
            ]
            if self.surroundings() != self._around:
                found.append("what is installed changed")
        self.known |= {*self._files, *self._names}
        return found[:_SHOWN]

    def is_output(self, path: str) -> bool:
        """Tell whether the step itself declares to write there."""
        return any(
            path == place or path.startswith(f"{place}/") for place in self.outputs
        )

    def _listing(self, path: str) -> str:
        return listing_digest(path, self.written)

    def _state(self, path: str) -> Any:
        """Return what a change would change; of a folder that of all files in it."""
        try:
            found = os.stat(path)  # noqa: PTH116 - texts are at hand, and many
        except (OSError, ValueError):
            return None
        if stat.S_ISDIR(found.st_mode):
            return self._within(path)
        return stamp_in(found)

    def _within(self, folder: str) -> dict[str, Stamp | None]:
        """Return the stamps of the files in a folder, links followed."""
        found: dict[str, Stamp | None] = {}
        folders, count = [folder], 0
        while folders:
            here = folders.pop()
            with os.scandir(here) as listed:
                entries = list(listed)
            count += len(entries)
            if count > _MOST_INSIDE:
                raise ValueError(f"{folder} holds too many files")
            for entry in entries:
                path = entry.path
                if self.is_output(path) or self.places.is_left_out(f"{path}/"):
                    continue
                if entry.is_dir():
                    folders.append(path)
                else:
                    found[path] = stamp_of(path)
        return found


def _working_folder() -> tuple[str, int, int] | None:
    """Return where relative paths lead, and that it is what its name says."""
    try:
        path = os.getcwd()  # noqa: PTH109 - texts are at hand, and many
        here, named = os.stat("."), os.stat(path)  # noqa: PTH116 - as above
    except OSError:
        return None
    if not os.path.samestat(here, named):
        return None
    return path, here.st_dev, here.st_ino


def _let_clock_tick(states: Iterable[Any]) -> None:
    """Wait where a file changed just now: the next change must leave other times."""
    newest = max((_newest(state) for state in states), default=0)
    left = newest / 1e9 + _TICK_SECONDS - time.time()
    if 0 < left <= _TICK_SECONDS:
        time.sleep(left)


def _newest(state: Any) -> int:
    """Return when a file, or one within a folder, was last changed."""
    if isinstance(state, dict):
        return max(map(_newest, state.values()), default=0)
    return 0 if state is None else int(state[3])


def _shown(path: str, project: str) -> str:
    return path.removeprefix(f"{project}/")
