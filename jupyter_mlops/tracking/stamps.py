"""Joins the stamp of a tracked cell to its session, its notebook and its files."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from jupyter_mlops.capture.document import read_document
from jupyter_mlops.capture.files.digests import DigestCache
from jupyter_mlops.capture.stamp import Facts, Ran, Stamp, judge

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from jupyter_mlops.capture.recipe import Recipe
    from jupyter_mlops.records import FileRecord
    from jupyter_mlops.tracking.recorded import RecordedRun
    from jupyter_mlops.tracking.run import Run
    from jupyter_mlops.tracking.session import RanCell

OBSERVATION = "stamp"
TAG = "mlops.stamp"
_READ_NOW = 200_000_000
"""Bytes that are read at once to see whether files have changed."""
_MANY = 6
_digests = DigestCache()


def stamp_cell(
    recipe: Recipe, session: Sequence[RanCell], notebook: str | None
) -> Stamp:
    """Judge how the last cell of a session came about.

    Parameters
    ----------
    recipe : Recipe
        Of that cell.
    session : sequence of RanCell
        All that ran, in order; the recipe's cells are numbered by it.
    notebook : str or None
        Where the notebook is, if it is known.
    """
    last = {cell.cell_id: place for place, cell in enumerate(session) if cell.cell_id}
    ids = [kept.cell.cell_id for kept in recipe.cells]
    return judge(
        Facts(
            kept=[_ran(session, kept.cell.index) for kept in recipe.cells],
            latest={name: _ran(session, last[name]) for name in ids if name in last},
            document=None if notebook is None else read_document(notebook),
            warnings=_warnings(recipe),
            blind=[item.cell.number for item in recipe.unanalysable],
        )
    )


def _warnings(recipe: Recipe) -> list[str]:
    """Leave out what cells warn of that are kept for their imports alone."""
    beside = tuple(
        f"Cell {kept.cell.number} "
        for kept in recipe.cells
        # Of many reasons only the first ones are told.
        if len(kept.reasons) < _MANY
        and all(reason.startswith("imports ") for reason in kept.reasons)
    )
    return [text for text in recipe.warnings if not text.startswith(beside)]


def keep_stamp(stamp: Stamp, run: Run) -> None:
    """Keep it with the run, and in a few words among the tags when it says anything."""
    run.observe(OBSERVATION, stamp.to_json())
    if stamp.words:
        run.set_tags({TAG: ", ".join(stamp.words)})


def _ran(session: Sequence[RanCell], place: int) -> Ran:
    cell = session[place]
    count = cell.execution_count
    number = str(place) if count is None else f"[{count}]"
    return Ran(number, cell.cell_id, cell.source, cell.ended)


# --- files, when a run is looked at -----------------------------------------------


class ChangedFile(NamedTuple):
    """A file that is not as the run read it."""

    path: str
    why: str

    def __str__(self) -> str:
        return f"{self.path} {self.why}."


@dataclass(frozen=True, slots=True)
class RunStamp:
    """A run's stamp as it is to be read now.

    Attributes
    ----------
    kept : dict
        What was kept when it ended; empty for runs that are no tracked cells.
    changed : tuple of ChangedFile
        The files that it read and that have changed since.
    """

    kept: dict[str, Any]
    changed: tuple[ChangedFile, ...] = ()

    @property
    def line(self) -> str:
        """All of it in one line; empty when there is nothing to say."""
        parts = [str(self.kept["line"])] if self.kept.get("line") else []
        if self.changed:
            count = len(self.changed)
            what = "a file" if count == 1 else f"{count} files"
            parts.append(f"{what} that it read changed since")
        return ", ".join(parts)

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why, one sentence each."""
        kept = [
            str(reason)
            for kind in ("misplaced", "stale", "unseeded", "caveats")
            for reason in self.kept.get(kind) or ()
        ]
        return (*kept, *map(str, self.changed))

    def to_json(self) -> dict[str, Any]:
        """Return all of it as plain values."""
        changed = [file._asdict() for file in self.changed]
        return {**self.kept, "line": self.line, "files_changed": changed}


def read_stamp(run: RecordedRun, project: Path) -> RunStamp:
    """Read a run's stamp, and look at the files that it read as they are now."""
    kept = run.observations.get(OBSERVATION)
    changed = tuple(changed_files(run, project))
    return RunStamp(kept if isinstance(kept, dict) else {}, changed)


def changed_files(run: RecordedRun, project: Path) -> list[ChangedFile]:
    """Say which of the files that a run read have changed since.

    A file of the same size that was not written since is taken for unchanged; of the
    others as many are read again as can be at once.
    """
    ended = (run.record.ended or run.record.started).timestamp()
    room = _READ_NOW
    found = []
    for file in run.files:
        if file.role != "read" or "://" in file.path:
            continue
        place = os.path.join(project, file.path)  # noqa: PTH118 - an absolute path stays
        state = _state(file, place, ended)
        if state == _WRITTEN:
            room -= file.size or 0
            state = _compared(file, place) if room >= 0 else _TOO_LARGE
        if state:
            found.append(ChangedFile(file.path, state))
    return found


_SAME = ""
_CHANGED = "changed since"
_WRITTEN = "was written since"
_TOO_LARGE = f"{_WRITTEN}, and is too large to compare now"
_UNREADABLE = "cannot be read any more"


def _state(file: FileRecord, place: str, ended: float) -> str:
    try:
        now = os.stat(place)  # noqa: PTH116 - one of many
    except FileNotFoundError:
        return "is gone"
    except (OSError, ValueError):
        return _UNREADABLE
    if file.size is not None and now.st_size != file.size:
        return _CHANGED
    is_known = file.digest is not None and now.st_mtime > ended
    return _WRITTEN if is_known else _SAME


def _compared(file: FileRecord, place: str) -> str:
    try:
        return _SAME if _digests.digest(place) == file.digest else _CHANGED
    except OSError:
        return _UNREADABLE
