"""The copy behind the cells that all points share, held when a sweep leaves points.

A sweep that goes on with that one begins there, as long as the cells before, and the
modules that they import, still say what they said.
"""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import nbformat

from jupyter_mlops import errors
from jupyter_mlops.pipeline.checkpoints.checkpoint import BEFORE, Checkpoint
from jupyter_mlops.pipeline.checkpoints.keeping import (
    KeeperUnreachableError,
    Terms,
    borrow,
    held_copies,
)
from jupyter_mlops.pipeline.checkpoints.marks import executable_cells, mark_of
from jupyter_mlops.pipeline.checkpoints.plan import good_cells, plan_from
from jupyter_mlops.pipeline.recording import ARTIFACT
from jupyter_mlops.pipeline.sweeps.loggedlines import logged_lines
from jupyter_mlops.pipeline.sweeps.sharedcells import SharedCells
from jupyter_mlops.pipeline.sweeps.sharedwork import RanCell
from jupyter_mlops.pipeline.sweeps.standing import difference, standing_of
from jupyter_mlops.pipeline.worker.sleeper import Sleeper
from jupyter_mlops.records import Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbformat import NotebookNode

    from jupyter_mlops.ids import RunId
    from jupyter_mlops.pipeline.checkpoints.keeping import Keeping
    from jupyter_mlops.pipeline.checkpoints.plan import ResumePlan
    from jupyter_mlops.pipeline.sweeps.prefix import Prefix
    from jupyter_mlops.pipeline.sweeps.whole import SweepRoom
    from jupyter_mlops.store.store import Store
    from jupyter_mlops.tracking.recorded import RecordedRun


@dataclass(kw_only=True)
class HeldCells:
    """What a sweep does about the copy behind its shared cells.

    Parameters
    ----------
    terms : Terms
        On which it is held when points are left.
    earlier : sequence of RecordedRun
        Runs of shared cells that this sweep may go on from, the latest first.

    Attributes
    ----------
    goes_on : ResumePlan or None
        Where to go on with them, where they did not all run.
    restored : int
        How many of them did not run again.
    why : str
        Why none, though there were earlier ones; in words.
    """

    terms: Terms = field(default_factory=Terms)
    earlier: Sequence[RecordedRun] = ()
    goes_on: ResumePlan | None = field(default=None, init=False)
    restored: int = field(default=0, init=False)
    why: str = field(default="", init=False)
    _keeping: Keeping | None = field(default=None, init=False)
    _places: list[int] = field(default_factory=list, init=False)
    _marks: list[str] = field(default_factory=list, init=False)
    _footing: dict[str, Any] = field(default_factory=dict, init=False)

    def find(
        self, room: SweepRoom, notebook: NotebookNode, prefix: Prefix
    ) -> SharedCells | None:
        """Get hold of a copy behind them; None where they are to run, or go on.

        Parameters
        ----------
        notebook : NotebookNode
            With the fixed values in it.
        """
        if not (self.terms.seconds or self.earlier):
            return None
        self._footing = room.footing
        self._places = [at for at in executable_cells(notebook) if at < prefix.stop]
        self._marks = [mark_of(notebook.cells[at]) for at in self._places]
        if self.earlier:
            self.why = "no copy of their process is held any more"
        for run in self.earlier:
            if run.status is not Status.FINISHED:
                self.goes_on = self._going_on(room, run, notebook, prefix)
            for copy in _held(run.id) if run.status is Status.FINISHED else ():
                found = self._fitting(room, run, copy, notebook, prefix)
                if found is not None:
                    self.restored, self.why = found.count, ""
                    return found
            if self.goes_on is not None:
                self.why = ""
                return None
        return None

    def keep(self, shared: SharedCells) -> None:
        """Have the copy held, also when this process is killed."""
        if not self.terms.seconds:
            return
        ours = shared.sleeper
        position = sum(at < shared.stop for at in self._places)
        checkpoint = Checkpoint(
            run=shared.run_id,
            kind=BEFORE,
            cells=tuple(self._marks[:position]),
            saved=sum(cell.seconds for cell in shared.cells.values()),
            made=time.time(),
            process=ours.process,
            seconds=ours.seconds,
            footing=self._footing,
        )
        keeping = self.terms.keeping(shared.run_id)
        theirs = Sleeper(ours.control.dup(), ours.process, ours.seconds)
        # Without a keeper the sweep runs as well; what it leaves begins anew.
        with suppress(KeeperUnreachableError):
            keeping.keep(theirs, checkpoint)
            self._keeping = keeping

    def finish(self, *, is_done: bool) -> None:
        """Have it held for a while, or let go of it when no point is left."""
        if self._keeping is not None:
            if is_done:
                self._keeping.release()
            self._keeping.close()

    def _going_on(
        self, room: SweepRoom, run: RecordedRun, notebook: NotebookNode, prefix: Prefix
    ) -> ResumePlan | None:
        """Say where shared cells go on of which one failed; None when nowhere."""
        shared = nbformat.NotebookNode(notebook)
        shared.cells = notebook.cells[: prefix.stop]
        standing = [
            copy
            for copy in _held(run.id)
            if copy.position <= len(self._places)
            and not self._changed(room, notebook, copy)
        ]
        found = plan_from(
            shared,
            run=run.id,
            cells=run.cells,
            held=standing,
            limit=good_cells(run.cells),
            blobs=room.store.blobs,
            journals=room.store.layout.journal_folder(run.id),
        )
        return found if found.checkpoint else None

    def _changed(
        self, room: SweepRoom, notebook: NotebookNode, copy: Checkpoint
    ) -> str:
        """Name something that a copy stands on, and that has changed."""
        stop = self._places[copy.position - 1] + 1
        return difference(copy.footing, standing_of(room.plan, notebook.cells[:stop]))

    def _fitting(
        self,
        room: SweepRoom,
        run: RecordedRun,
        copy: Checkpoint,
        notebook: NotebookNode,
        prefix: Prefix,
    ) -> SharedCells | None:
        position = copy.position
        if copy.cells != tuple(self._marks[:position]):
            self.why = "they have changed"
            return None
        is_all = position == len(self._places)
        stop = prefix.stop if is_all else self._places[position - 1] + 1
        if changed := self._changed(room, notebook, copy):
            self.why = f"{changed} has changed"
            return None
        try:
            cells, widgets = _ran(room.store, run, self._places[:position])
        except (errors.MlopsError, ValueError) as error:
            self.why = f"what they gave cannot be read: {error}"
            return None
        sleeper = borrow(copy)
        if sleeper is None:
            return None
        return SharedCells(
            run_id=run.id,
            sleeper=sleeper,
            stop=stop,
            cells=cells,
            lines=logged_lines(room.store.layout.journal_folder(run.id)),
            widgets=widgets,
            why=prefix.why if is_all else "no later copy is held",
        )


def _held(run_id: RunId) -> list[Checkpoint]:
    """List the copies of a run that are held, the latest first."""
    try:
        return [
            copy
            for copy in reversed(held_copies(run_id))
            if copy.kind == BEFORE and copy.position
        ]
    except OSError:
        return []


def _ran(
    store: Store, run: RecordedRun, places: list[int]
) -> tuple[dict[int, RanCell], dict[str, Any]]:
    """Return the cells that ran, by where they stand now, and the state of widgets.

    Raises
    ------
    MlopsError, ValueError
        When the run did not keep them.
    """
    data = store.blobs.get_bytes(run.artifact_record(ARTIFACT).digest)
    kept = nbformat.reads(data.decode(), as_version=4)
    nodes = [kept.cells[at] for at in executable_cells(kept)]
    if min(len(nodes), len(run.cells)) < len(places):
        raise ValueError("cells of it are missing")
    cells = {
        at: RanCell(node, round(cell.began.timestamp() * 1e6), cell.seconds)
        for at, node, cell in zip(places, nodes, run.cells, strict=False)
    }
    return cells, kept.metadata.get("widgets", {})
