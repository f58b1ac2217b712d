"""Reads the journals of one run from where they were left, and says what was bad."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_mlops.store.index.changes import WriterState
from jupyter_mlops.store.index.discovery import Poll
from jupyter_mlops.store.journal import (
    is_being_written,
    journal_files,
    read_journal,
    writer_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from jupyter_mlops.store.index.changes import RunChanges
    from jupyter_mlops.store.layout import Layout

CHUNK_BYTES = 1 << 17
"""So small that what is parsed stays in the processor's cache."""


def read_run(
    layout: Layout,
    changes: RunChanges,
    problems: list[str],
    made_room: Callable[[RunChanges], None],
) -> dict[str, Poll]:
    """Read everything new of a run into `changes`.

    Parameters
    ----------
    problems : list of str
        Gets a sentence for each fault.
    made_room : callable
        Called after each chunk but a file's last: may write out what there is.

    Returns
    -------
    dict of str to Poll
        What each file looked like.
    """
    polls = {}
    for path in journal_files(layout.journal_folder(changes.run_id)):
        polls[path.name] = _read_file(path, changes, problems, made_room)
    changes.is_read = True
    changes.is_written = any(poll.is_written for poll in polls.values())
    return polls


def _read_file(
    path: Path,
    changes: RunChanges,
    problems: list[str],
    made_room: Callable[[RunChanges], None],
) -> Poll:
    # First the lock, then the bytes: when nobody writes, what is read is all.
    is_written = is_being_written(path)
    writer = writer_of(path)
    state = changes.writers.get(writer)
    if state is None:
        number = len(changes.writers)
        state = changes.writers[writer] = WriterState(number)
        changes.has_grown = True
    bad, changes.bad = changes.bad, 0
    bad_lines = 0
    size, torn = path.stat().st_size, 0
    while state.offset < size:
        chunk = read_journal(path, state.offset, CHUNK_BYTES)
        bad_lines += len(chunk.bad_lines)
        torn = chunk.torn_bytes
        if chunk.offset == state.offset:
            break
        changes.take(chunk.events, writer)
        changes.has_grown = True
        state.offset = chunk.offset
        if state.offset >= size:
            torn = 0
            break
        made_room(changes)
    poll = Poll(max(size, state.offset), is_written)
    if is_written:
        torn = 0
    if torn and torn != state.torn:
        problems.append(f"The last line of {path} is torn: its {torn} bytes were left.")
    if torn != state.torn:
        state.torn = torn
        changes.has_grown = True
    faults = bad_lines + changes.bad
    if faults:
        lines = "1 line" if faults == 1 else f"{faults} lines"
        problems.append(f"{path} holds {lines} that are no events; they were left.")
    changes.bad = bad
    return poll
