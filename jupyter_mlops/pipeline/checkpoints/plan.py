"""From where a notebook goes on after a run of it: which cells are not run again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jupyter_mlops import errors
from jupyter_mlops.pipeline.checkpoints.checkpoint import BEFORE
from jupyter_mlops.pipeline.checkpoints.marks import executable_cells, mark_of
from jupyter_mlops.records import Status

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from nbformat import NotebookNode

    from jupyter_mlops.ids import RunId
    from jupyter_mlops.pipeline.checkpoints.checkpoint import Checkpoint
    from jupyter_mlops.records import CellRecord
    from jupyter_mlops.store.blobs import Blobs


@dataclass(frozen=True, kw_only=True)
class RestoredCell:
    """A cell that an earlier run ran.

    Attributes
    ----------
    outputs : list of dict
        nbformat outputs, whole.
    """

    record: CellRecord
    outputs: list[dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class ResumePlan:
    """Where to go on.

    Attributes
    ----------
    run : RunId
        The run to go on from.
    checkpoint : Checkpoint or None
        The copy; None: there is none that fits, so all cells run.
    why : str
        Why there is none.
    cells : list of RestoredCell
        Those that are not run again.
    lines : bytes
        What these logged, as journals have it.
    """

    run: RunId
    checkpoint: Checkpoint | None
    why: str = ""
    cells: Sequence[RestoredCell] = ()
    lines: bytes = b""

    @property
    def position(self) -> int:
        """How many cells are not run again."""
        return self.checkpoint.position if self.checkpoint else 0


def choose_checkpoint(
    notebook: NotebookNode, held: Sequence[Checkpoint], limit: int
) -> tuple[Checkpoint | None, str]:
    """Choose the copy to go on from.

    Parameters
    ----------
    notebook : NotebookNode
        As it is now, with its parameters filled in.
    held : sequence of Checkpoint
        The run's copies that still sleep.
    limit : int
        At most so many cells are restored.

    Returns
    -------
    Checkpoint or None, str
        The latest that fits; and why there is none.
    """
    usable = [item for item in held if item.kind == BEFORE]
    if not usable:
        return None, "no copy of its process is held any more, or none was made"
    cells = [notebook.cells[at] for at in executable_cells(notebook)]
    # Where later cells were taken out, one is left to go on with.
    limit = max(min(limit, len(cells) - 1), 0)
    marks = tuple(mark_of(cell) for cell in cells[:limit])
    fitting = [item for item in usable if marks[: item.position] == item.cells]
    if not fitting:
        return None, "its cells changed before the first copy that is held"
    return max(fitting, key=lambda item: item.position), ""


def plan_from(
    notebook: NotebookNode,
    *,
    run: RunId,
    cells: Sequence[CellRecord],
    held: Sequence[Checkpoint],
    limit: int,
    blobs: Blobs,
    journals: Path,
    why: str = "",
) -> ResumePlan:
    """Say where a notebook goes on after a run of it.

    Parameters
    ----------
    notebook : NotebookNode
        As it is now, with its parameters filled in.
    cells : sequence of CellRecord
        Those of the run.
    held : sequence of Checkpoint
        Its copies that could serve.
    limit : int
        At most so many cells are restored.
    blobs : Blobs
        Where outputs of cells are.
    journals : Path
        The run's folder.
    why : str
        Why there is none that could, if that is known.
    """
    checkpoint, found = choose_checkpoint(notebook, held, limit)
    if checkpoint is None:
        return ResumePlan(run=run, checkpoint=None, why=why or found)
    return ResumePlan(
        run=run,
        checkpoint=checkpoint,
        cells=_restored(cells[: checkpoint.position], blobs),
        lines=_logged(journals, checkpoint.made),
    )


def _restored(cells: Sequence[CellRecord], blobs: Blobs) -> list[RestoredCell]:
    from jupyter_mlops.capture.inlining import internalise
    from jupyter_mlops.ids import Digest

    return [
        RestoredCell(
            record=cell,
            outputs=internalise(
                cell.outputs, lambda digest: blobs.get_bytes(Digest(digest))
            ),
        )
        for cell in cells
    ]


def _logged(journals: Path, until: float) -> bytes:
    """Return what the restored cells logged."""
    from jupyter_mlops.pipeline.sweeps.loggedlines import logged_lines
    from jupyter_mlops.store import events

    lines = logged_lines(journals)
    return b"".join(
        line
        for line in lines.splitlines(keepends=True)
        if events.load(line)["t"] <= until * 1e6
    )


def position_of(notebook: NotebookNode, cell: str) -> int:
    """Find a cell by its id, its position among those run, or its id's beginning.

    A small number is a position always: some id may begin with it by chance.

    Raises
    ------
    InvalidInputError
        When there is none, or more than one.
    """
    places = executable_cells(notebook)
    ids = [str(notebook.cells[at].get("id", "")) for at in places]
    if cell in ids:
        return ids.index(cell)
    if cell.isdecimal() and int(cell) < len(places):
        return int(cell)
    found = [at for at, name in enumerate(ids) if name.startswith(cell)]
    if len(found) == 1:
        return found[0]
    words = (
        "More than one code cell has an id that begins with"
        if found
        else ("No code cell has the id")
    )
    raise errors.InvalidInputError(
        f"{words} '{cell}'.{errors.nearest(cell, ids)} Cells may also be named by "
        f"their position, from 0 to {len(places) - 1}.",
        cell=cell,
        known=ids,
    )


def good_cells(cells: Sequence[CellRecord]) -> int:
    """Count the cells of a run before the first that did not finish."""
    for position, cell in enumerate(cells):
        if cell.status is not Status.FINISHED:
            return position
    return len(cells)
