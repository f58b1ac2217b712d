"""Runs that somebody looks at again and again: each time only what is new is told."""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jupyter_mlops import errors
from jupyter_mlops.capture.inlining import internalise
from jupyter_mlops.ids import Digest
from jupyter_mlops.store.showing import read_showing
from jupyter_mlops.workspace.expectations import cell_key
from jupyter_mlops.workspace.watching import RunWatch

if TYPE_CHECKING:
    from jupyter_mlops.workspace.liveruns import LiveCell, LiveOutput, LiveRun
    from jupyter_mlops.workspace.workspace import Workspace

_MOST_BOOKS = 16
_DRAWN = ("display_data", "execute_result", "update_display_data")
_MOST_BYTES = 4_000_000
"""Of one long value in an output: what is longer is named, not shown."""


@dataclass(frozen=True)
class ShownCell:
    """A cell of a run with what it shows, as nbformat has outputs.

    Attributes
    ----------
    expected : float or None
        Seconds that it took in earlier runs.
    """

    cell: LiveCell
    outputs: list[dict[str, Any]]
    expected: float | None = None


@dataclass(frozen=True)
class Page:
    """How a run stands.

    Attributes
    ----------
    seen : int
        Grows with each change: what to say next time.
    cells : list of ShownCell
        Those that changed since.
    left : float or None
        Seconds that it may still take.
    """

    run: LiveRun
    seconds: float
    left: float | None
    seen: int
    cells: list[ShownCell]


class LiveBook:
    """One run that is followed; threads may share it.

    Attributes
    ----------
    id : str
        What `Page.seen` counts in: after a restart it begins anew.
    """

    def __init__(self, workspace: Workspace, run_id: str) -> None:
        self.id = os.urandom(4).hex()
        self._workspace = workspace
        self._folder = workspace.layout.journal_folder(run_id)
        self._watch = RunWatch(workspace, run_id)
        self._changed: dict[int, int] = {}
        self._outputs: dict[int, list[dict[str, Any]]] = {}
        self._seen = 0
        self._mutex = threading.Lock()

    def look(self, seen: int = 0) -> Page:
        """Say how it stands, and which cells are not as they were at `seen`."""
        with self._mutex:
            while events := self._watch.look():
                self._take(events)
            run = self._watch.runs.root
            return Page(
                run=run,
                seconds=self._watch.seconds(run),
                left=self._watch.left(run),
                seen=self._seen,
                cells=[
                    self._shown(run, at)
                    for at in sorted(self._changed)
                    if self._changed[at] > seen and at in run.cells
                ],
            )

    def _take(self, events: list[dict[str, Any]]) -> None:
        root = self._watch.runs.root.id
        self._seen += 1
        for event in events:
            if event["run"] != root or event["e"] not in ("cell", "output"):
                continue
            at = event["n"]
            self._changed[at] = self._seen
            if event["e"] == "cell":
                self._outputs[at] = event.get("outputs") or []

    def _shown(self, run: LiveRun, at: int) -> ShownCell:
        cell = run.cells[at]
        if cell.status != "running":
            return ShownCell(cell, self._whole(self._outputs.get(at, [])))
        known = self._watch.times(run).get(cell_key(cell.source))
        drawn: dict[int, dict[str, Any]] = {}
        if any(one.kind in _DRAWN for one in cell.outputs.values()):
            drawn = read_showing(self._folder, at)
        outputs = [
            _so_far(out, drawn.get(number))
            for number, out in sorted(cell.outputs.items())
        ]
        return ShownCell(cell, outputs, known)

    def _whole(self, outputs: list[dict[str, Any]]) -> list[dict[str, Any]]:
        blobs = self._workspace.store.blobs
        found = []
        for output in outputs:
            try:
                _check_size(output)
                found += internalise(
                    [output], lambda digest: blobs.get_bytes(Digest(digest))
                )
            except (errors.StoreError, errors.InvalidInputError) as error:
                found.append({"output_type": "stream", "name": "stderr"})
                found[-1]["text"] = f"[{error}]"
        return found


class LiveBooks:
    """The runs that are followed in a workspace; the ones looked at last are kept."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._books: OrderedDict[str, LiveBook] = OrderedDict()
        self._mutex = threading.Lock()

    def book(self, run_id: str) -> LiveBook:
        """Return what follows a run."""
        with self._mutex:
            found = self._books.pop(run_id, None)
            self._books[run_id] = found or LiveBook(self._workspace, run_id)
            while len(self._books) > _MOST_BOOKS:
                self._books.popitem(last=False)
            return self._books[run_id]


def _check_size(output: dict[str, Any]) -> None:
    values = [output.get("text"), *(output.get("data") or {}).values()]
    for value in values:
        if isinstance(value, dict) and value.get("size", 0) > _MOST_BYTES:
            raise errors.InvalidInputError(
                f"An output of {value['size']:,} bytes: too long to be shown here."
            )


def _so_far(output: LiveOutput, drawn: dict[str, Any] | None = None) -> dict[str, Any]:
    """Make an output of what is known of it while its cell runs.

    Parameters
    ----------
    drawn : dict, optional
        Its MIME bundle, as the runner has put it in place.
    """
    if output.kind == "stream":
        return {"output_type": "stream", "name": output.name, "text": output.text}
    if output.kind == "error":
        name, _, value = output.text.partition(": ")
        said = {"ename": name, "evalue": value, "traceback": []}
        return {"output_type": "error", **said}
    shown = drawn or {"text/plain": output.text or "…"}
    return {"output_type": "display_data", "data": shown, "metadata": {}}
