"""Which journals may have grown since the last look, found without looking at all.

New run folders show in the time stamps of ``journals/``; runs that are open are looked
at each time; a run that was put away and got a further writer is named in ``touched``.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jupyter_mlops.ids import RUN_ID_LENGTH, is_run_id
from jupyter_mlops.store.journal import SUFFIX, is_being_written

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlops.store.layout import Layout

_TRUST_NANOSECONDS = 2_000_000_000
"""A folder changed as lately as this may change again under the same time stamp."""

_LINE = RUN_ID_LENGTH + 1


@dataclass(slots=True)
class Poll:
    """What was last seen of a journal of an open run."""

    size: int
    is_written: bool


@dataclass(slots=True)
class Memory:
    """What one process remembers from its last look.

    Attributes
    ----------
    signature : str
        Of the ``journals/`` folder, empty when it cannot be trusted.
    touched : str
        How far ``touched`` was read.
    open_runs : dict
        What each journal of each open run looked like.
    """

    signature: str
    touched: str
    open_runs: dict[str, dict[str, Poll]] = field(default_factory=dict)

    def holds(self, layout: Layout) -> bool:
        """Tell whether everything looks as it did."""
        return (
            self.signature != ""
            and journals_signature(layout) == self.signature
            and touched_size(layout) == int(self.touched.partition(" ")[0])
            and all(
                not has_changed(layout.journal_folder(run_id), polls)
                for run_id, polls in self.open_runs.items()
            )
        )


def journals_signature(layout: Layout) -> str:
    """Describe the state of ``journals/``: empty while it may not be final.

    Both times are needed: copying with ``cp -a`` sets the first one back.
    """
    try:
        found = layout.journals.stat()
    except FileNotFoundError:
        return ""
    if time.time_ns() - max(found.st_mtime_ns, found.st_ctime_ns) < _TRUST_NANOSECONDS:
        return ""
    return f"{found.st_ino} {found.st_mtime_ns} {found.st_ctime_ns}"


def list_runs(layout: Layout) -> list[str]:
    """Name all runs that have a folder, oldest first."""
    try:
        return sorted(name for name in os.listdir(layout.journals) if is_run_id(name))  # noqa: PTH208 - names only, of very many
    except FileNotFoundError:
        return []


def touched_size(layout: Layout) -> int:
    """Return the size of the file of hints, 0 when there is none."""
    try:
        return layout.touched.stat().st_size
    except FileNotFoundError:
        return 0


def read_touched(layout: Layout, seen: str) -> tuple[list[str], str]:
    """Read the hints that came after `seen`.

    Parameters
    ----------
    seen : str
        Offset and the line before it, as returned last time. When that line is no
        longer there, another workspace's file was copied over: all of it is read.

    Returns
    -------
    tuple
        Ids of runs, and what to give next time.
    """
    try:
        data = layout.touched.read_bytes()
    except FileNotFoundError:
        return [], "0 "
    offset, _, line = seen.partition(" ")
    begin = int(offset)
    before = data[max(0, begin - _LINE) : begin].decode(errors="replace").strip()
    if len(data) < begin or before != line:
        begin = 0
    end = data.rfind(b"\n") + 1
    names = data[begin:end].decode(errors="replace").split()
    last = data[max(0, end - _LINE) : end].decode(errors="replace").strip()
    return [name for name in dict.fromkeys(names) if is_run_id(name)], f"{end} {last}"


def has_changed(folder: Path, polls: dict[str, Poll]) -> bool:
    """Tell whether a run's journals differ from what was last seen."""
    try:
        with os.scandir(folder) as entries:
            sizes = {
                entry.name: entry.stat().st_size
                for entry in entries
                if entry.name.endswith(SUFFIX)
            }
    except FileNotFoundError:
        return False
    if sizes.keys() != polls.keys():
        return True
    return any(
        size != polls[name].size
        or (polls[name].is_written and not is_being_written(folder / name))
        for name, size in sizes.items()
    )
