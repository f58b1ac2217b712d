"""What is new about a run and the runs within it, read from their journals.

Whoever follows asks again and again with the cursor of the answer before. Nothing is
asked of the processes that work, and no index is needed.
"""

from __future__ import annotations

import json
import os
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from jupyter_mlops import errors
from jupyter_mlops.store.journal import (
    is_being_written,
    journal_files,
    read_journal,
    writer_of,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from jupyter_mlops.store.layout import Layout

    Event = dict[str, Any]

LIVE = frozenset(
    {"start", "plan", "param", "tag", "cell", "output", "metric", "artifact"}
    | {"observation", "note", "end", "lost"}
)
"""Kinds of events that say how a run goes on."""
LIMIT = 1 << 20
"""Bytes read of one journal at a time; a longer line is read whole."""
_START_BYTES = 1 << 16
_TIME_LETTERS = 10
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_SKEW = 60.0
"""Seconds by which an id may be older than one that was seen before it."""
_PATIENCE = 10.0
"""Seconds after which a run's folder without a first line is given up."""


@dataclass(slots=True)
class Cursor:
    """Up to where a run has been followed; `to_text` makes a text of it, for a wire.

    Attributes
    ----------
    offsets : dict
        Bytes read, by run and writer.
    ended, over : set of str
        Runs that have ended, or whose processes are gone; those of them that have been
        read to their ends.
    is_over : bool
        Nothing more will come: all of them are over.
    """

    offsets: dict[str, dict[str, int]] = field(default_factory=dict)
    ended: set[str] = field(default_factory=set)
    over: set[str] = field(default_factory=set)
    is_over: bool = False
    seen: set[str] = field(default_factory=set)
    """Runs that are no part of it, of about the last minute."""
    listed: int = 0
    """When the folder of journals had changed, as it was last listed."""
    until: str = ""
    """Ids from here on are too late to be within a run that has ended."""

    def to_text(self) -> str:
        """Write it down."""
        told = {
            "offsets": self.offsets,
            "ended": sorted(self.ended),
            "over": sorted(self.over),
            "is_over": self.is_over,
            "seen": sorted(self.seen),
            "listed": self.listed,
            "until": self.until,
        }
        return json.dumps(told, separators=(",", ":"))

    @classmethod
    def from_text(cls, text: str) -> Cursor:
        """Read what `to_text` wrote.

        Raises
        ------
        InvalidInputError
            When it is something else.
        """
        try:
            told = json.loads(text)
            sets = {name: set(told[name]) for name in ("ended", "over", "seen")}
            return cls(**{**told, **sets})
        except (ValueError, KeyError, TypeError) as error:
            raise errors.InvalidInputError(
                "This is no place in a run's events. Begin anew, without a cursor."
            ) from error


class Following:
    """Reads changes of runs; see `Workspace.following`."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout

    def changes(
        self,
        run_id: str,
        cursor: Cursor | None = None,
        *,
        kinds: Collection[str] = LIVE,
    ) -> tuple[list[Event], Cursor]:
        """Return what has happened since, of a run and of all runs within it.

        Parameters
        ----------
        run_id : str
            The outermost run.
        cursor : Cursor, optional
            Of the answer before; without it everything from the beginning. It is
            changed, and returned.
        kinds : collection of str
            Which events.

        Returns
        -------
        list of dict
            Events as in ``store/events.schema.json``, each with ``run``, the id of its
            run; by time, of one run in order. ``{"e": "lost"}`` is said of a run whose
            processes are gone without an end. At most about a megabyte of each journal:
            ask again at once as long as there are any.
        Cursor
            For the next call.
        """
        cursor = cursor or Cursor()
        if cursor.is_over:
            return [], cursor
        cursor.offsets.setdefault(run_id, {})
        known = list(cursor.offsets)
        found = [event for run in known for event in self._read(run, cursor)]
        for child in self._new_children(run_id, cursor):
            cursor.offsets[child] = {}
            found += self._read(child, cursor)
        if not found:
            found = self._lost(cursor)
        cursor.is_over = not found and cursor.over >= cursor.offsets.keys()
        found.sort(key=_time_of)
        return [event for event in found if event["e"] in kinds], cursor

    def _read(self, run: str, cursor: Cursor) -> list[Event]:
        if run in cursor.over:
            return []
        offsets, found = cursor.offsets[run], []
        for path in journal_files(self._layout.journal_folder(run)):
            writer = writer_of(path)
            chunk = read_journal(path, offsets.get(writer, 0), LIMIT)
            offsets[writer] = chunk.offset
            found += chunk.events
        if not found and run in cursor.ended:
            # All that its processes wrote has been read, too.
            cursor.over.add(run)
        for event in found:
            if event.get("e") == "end":
                self._end(run, cursor, _time_of(event))
        return [{**event, "run": run} for event in found if "e" in event]

    def _end(self, run: str, cursor: Cursor, time_us: int) -> None:
        cursor.ended.add(run)
        if run == next(iter(cursor.offsets)):
            cursor.until = id_at(time_us / 1e6 + 1)

    def _lost(self, cursor: Cursor) -> list[Event]:
        found: list[Event] = []
        for run in cursor.offsets.keys() - cursor.ended:
            files = journal_files(self._layout.journal_folder(run))
            if files and not any(map(is_being_written, files)):
                # Its end may have come since it was read.
                rest = self._read(run, cursor)
                found += rest
                if not rest:
                    now = time.time_ns() // 1000
                    self._end(run, cursor, now)
                    found.append({"e": "lost", "t": now, "run": run})
        return found

    # --- runs within it --------------------------------------------------------------

    def _new_children(self, root: str, cursor: Cursor) -> Iterator[str]:
        """Find runs that began within those that are followed."""
        try:
            changed = os.stat(self._layout.journals).st_mtime_ns  # noqa: PTH116 - asked for twice a second
        except FileNotFoundError:
            return
        if changed == cursor.listed:
            return
        floor = max(root, id_at(_time_of_id(max(cursor.seen, default=root)) - _SKEW))
        names = [
            name
            for name in sorted(os.listdir(self._layout.journals))  # noqa: PTH208 - names are all that is needed
            if floor < name and (not cursor.until or name < cursor.until)
        ]
        is_whole = True
        for name in names:
            if name in cursor.seen or name in cursor.offsets:
                continue
            start = _start_of(self._layout.journal_folder(name))
            if start is None:
                # Its first line is about to be written, or never will be.
                is_whole = is_whole and time.time() - _time_of_id(name) > _PATIENCE
            elif start.get("parent") in cursor.offsets:
                yield name
            else:
                cursor.seen.add(name)
        if is_whole:
            cursor.listed = changed
        last = id_at(_time_of_id(max(cursor.seen, default=root)) - _SKEW)
        cursor.seen = {name for name in cursor.seen if name > last}


def _start_of(folder: Path) -> Event | None:
    for path in journal_files(folder):
        try:
            events = read_journal(path, 0, _START_BYTES).events
        except OSError:
            continue
        for event in events[:3]:
            if event.get("e") == "start":
                return event
    return None


def _time_of(event: Event) -> int:
    told = event.get("t")
    return told if isinstance(told, int) else 0


def _time_of_id(run: str) -> float:
    """Return when an id was made, in seconds since 1970; 0 of what is no id."""
    found = 0
    for letter in run[:_TIME_LETTERS]:
        place = _ALPHABET.find(letter)
        if place < 0:
            return 0.0
        found = found << 5 | place
    return found / 1000


def id_at(seconds: float) -> str:
    """Return how ids begin that were made at a time."""
    number, letters = max(0, int(seconds * 1000)), []
    for _ in range(_TIME_LETTERS):
        letters.append(_ALPHABET[number & 31])
        number >>= 5
    return "".join(reversed(letters))
