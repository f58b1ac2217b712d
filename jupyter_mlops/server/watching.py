"""Notices that a workspace's journals grew, while somebody listens."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Protocol

from jupyter_mlops.errors import MlopsError
from jupyter_mlops.server import wire

if TYPE_CHECKING:
    from typing import Any

    from jupyter_mlops.server.places import OpenWorkspaces
    from jupyter_mlops.workspace import Workspace

LOOK_SECONDS = 0.15
_LONGEST_SECONDS = 3.0
_REST = 20
"""A look that took a millisecond is followed by so many of rest: 5 % of the time."""


class Listener(Protocol):
    """Somebody who wants to hear of changes; called from a thread of ours."""

    def tell(self, message: dict[str, Any]) -> None:
        """Take a message."""


class Watches:
    """One thread for each workspace that somebody listens to; none otherwise."""

    def __init__(self, places: OpenWorkspaces) -> None:
        self._places = places
        self._watches: dict[str, _Watch] = {}
        self._mutex = threading.Lock()

    def __len__(self) -> int:
        return len(self._watches)

    def add(self, path: str, listener: Listener) -> None:
        """Begin to tell `listener` what changes in the workspace at `path`."""
        with self._mutex:
            watch = self._watches.get(path)
            if watch is not None:
                watch.add(listener)
                return
            # Its first look may be over before `start` returns: who asked hears of it.
            watch = self._watches[path] = _Watch(self._places, path, listener)
            watch.start()

    def remove(self, path: str, listener: Listener) -> None:
        """Tell `listener` nothing more; the last one to leave ends the thread."""
        with self._mutex:
            watch = self._watches.get(path)
            if watch is None:
                return
            kept = tuple(one for one in watch.listeners if one is not listener)
            watch.listeners = kept
            if not kept:
                del self._watches[path]
                watch.end()


class _Watch(threading.Thread):
    """Brings one index up to date again and again, and says when that did something."""

    def __init__(self, places: OpenWorkspaces, path: str, first: Listener) -> None:
        super().__init__(name=f"mlops-watch-{path}", daemon=True)
        self.listeners: tuple[Listener, ...] = (first,)
        self._places = places
        self._path = path
        self._ending = threading.Event()
        self._seen: dict[str, object] = {}
        self._problem = ""

    def add(self, listener: Listener) -> None:
        """Tell one more, who does not know what was seen before."""
        self.listeners = (*self.listeners, listener)
        if self._problem:
            listener.tell(wire.problem(self._path, self._problem))
        elif self._seen:
            listener.tell(wire.changed(self._path, list(self._seen)))

    def end(self) -> None:
        self._ending.set()

    def run(self) -> None:
        wait = 0.0
        while not self._ending.wait(wait):
            began = time.monotonic()
            # The first look is always told: nobody knows what was seen before it.
            if topics := self._look():
                self._tell(wire.changed(self._path, topics))
            took = time.monotonic() - began
            wait = min(max(LOOK_SECONDS, _REST * took), _LONGEST_SECONDS)

    def _look(self) -> list[str]:
        """Say what changed since the last look: runs, models."""
        try:
            workspace = self._places.open(self._path)
            index = workspace.store.index
            index.catch_up()
            found = {"runs": index.revision, "models": _models_state(workspace)}
        except MlopsError as error:
            self._tell_once(str(error))
            return []
        except Exception:  # noqa: BLE001 - the thread must outlive what nobody foresaw
            self._tell_once("The workspace cannot be read; the server's log says why.")
            return []
        self._problem = ""
        seen, self._seen = self._seen, found
        return [topic for topic, state in found.items() if seen.get(topic) != state]

    def _tell_once(self, sentence: str) -> None:
        if sentence != self._problem:
            self._problem = sentence
            self._tell(wire.problem(self._path, sentence))

    def _tell(self, message: dict[str, Any]) -> None:
        for listener in self.listeners:
            listener.tell(message)


def _models_state(workspace: Workspace) -> object:
    """Describe the registry's files: another value when one grew."""
    try:
        found = [
            (file.name, file.stat().st_size, file.stat().st_mtime_ns)
            for file in workspace.layout.registry.iterdir()
        ]
    except OSError:
        return None
    return sorted(found)
