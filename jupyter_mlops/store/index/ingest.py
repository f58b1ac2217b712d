"""Writes what `changes` collected into the index, so that any order gives the same.

Only the holder of the index's lock comes here, so rows may be read, merged in Python
and written back. What is read of a journal and the offset that says so go into one
transaction.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from jupyter_mlops.records import Status
from jupyter_mlops.store.index.changes import Stamp
from jupyter_mlops.store.index.statements import PRIMARY, Writer, column_list
from jupyter_mlops.store.index.stretching import Stretcher
from jupyter_mlops.store.index.tables import METRIC, PARAM, TAG, metadata
from jupyter_mlops.store.index.words import changes_words

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from jupyter_mlops.store.index.changes import Event, PointRow, RunChanges
    from jupyter_mlops.store.index.words import WordWriter

RunRow = dict[str, Any]

_STAMPED = ("params", "tags", "cells", "artifacts", "files", "observations")
_NOUNS = {"params": PARAM, "metrics": METRIC, "tags": TAG}
_NO_EXPERIMENT = 0


class Names:
    """Numbers for names; new ones are written with the next batch."""

    def __init__(self, connection: Connection, table: str) -> None:
        found = connection.exec_driver_sql(f"SELECT id, name FROM {table}")  # noqa: S608 - a table of ours
        self._numbers = {name: number for number, name in found}
        self._last = max(self._numbers.values(), default=0)
        self.new: list[tuple[Any, ...]] = []

    def number(self, name: str) -> int:
        """Return the number of `name`, a new one when it has none."""
        number = self._numbers.get(name)
        if number is None:
            self._last = number = self._last + 1
            self._numbers[name] = number
            self.new.append((number, name))
        return number


class Batch:
    """Rows of several runs on their way into the index."""

    def __init__(
        self,
        connection: Connection,
        words: WordWriter,
        keys: Names,
        experiments: Names,
    ) -> None:
        self._connection = connection
        self._words = words
        self._writer = Writer(connection)
        self._stretcher = Stretcher(connection)
        self._keys = keys
        self._experiments = experiments
        self._rows: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
        self._points: list[list[PointRow]] = []
        self._pairs: set[tuple[Any, ...]] = set()
        # Runs whose words change; True: words of theirs may be there already.
        self._wordy: dict[int, bool] = {}

    def add(self, changes: RunChanges, row: RunRow | None) -> None:
        """Take the changes of one run, whose stored row is `row`, if it has one."""
        stored = _Stored(self._connection, changes, self._writer.mark)
        row = self._merge_run(changes, row, stored)
        for slot, (stamp, event) in changes.latest.items():
            if slot[0] in _STAMPED and stored.is_beaten(slot, stamp):
                self._add_stamped(changes, slot, stamp, event)
        for key, points in changes.points.values():
            self._add_series(changes.run, key, points, stored)
        for name, state in changes.writers.items():
            self._rows["writers"].append(
                (changes.run, state.number, name, state.offset, state.torn)
            )
        self._note_keys(changes, row["experiment"] or _NO_EXPERIMENT)
        if changes_words(changes):
            self._wordy[changes.run] = not changes.is_fresh

    def write(self) -> None:
        """Send everything to the database; the caller commits."""
        old = [run for run, is_old in self._wordy.items() if is_old]
        self._words.take_out(old)
        for table, names in (("keys", self._keys), ("experiments", self._experiments)):
            self._writer.put(table, names.new)
            names.new = []
        self._rows["experiment_keys"] = list(self._pairs)
        for table in PRIMARY:
            self._writer.put(table, self._rows.pop(table, []))
        self._points.sort(key=lambda rows: rows[0][:2])
        self._writer.add_points(self._points)
        self._points = []
        self._pairs = set()
        self._words.put(self._wordy)
        self._wordy = {}

    def _merge_run(
        self, changes: RunChanges, row: RunRow | None, stored: _Stored
    ) -> RunRow:
        before = None if row is None else row["experiment"]
        row = dict(row) if row is not None else new_run_row(changes)
        for slot in ("start", "end", "note", "environment"):
            found = changes.latest.get((slot,))
            if found is not None and stored.is_newer(row, slot, found[0]):
                _SETTERS[slot](self, row, found[0], found[1])
                row[f"{slot}_writer"] = changes.writers[found[0].writer].number
        if changes.is_read:
            has_ended = row["ended"] is not None
            row["is_open"] = changes.is_written or not has_ended
            if not has_ended:
                status = Status.RUNNING if changes.is_written else Status.LOST
                row["status"] = status.value
        if not changes.is_fresh and before is None and row["experiment"] is not None:
            self._adopt_keys(row["experiment"])
        self._rows["runs"].append(tuple(row[name] for name in _RUN_COLUMNS))
        return row

    def _set_start(self, row: RunRow, stamp: Stamp, event: Event) -> None:
        row["experiment"] = self._experiments.number(event["experiment"])
        row["started"] = stamp.time
        for name in ("name", "kind", "parent", "notebook", "cell_id"):
            row[name] = event[name]

    def _set_end(self, row: RunRow, stamp: Stamp, event: Event) -> None:
        row["ended"] = stamp.time
        row["status"] = event["status"]
        row["error"] = event["error"]

    def _set_note(self, row: RunRow, stamp: Stamp, event: Event) -> None:
        row["note"], row["note_time"] = event["text"], stamp.time

    def _set_environment(self, row: RunRow, stamp: Stamp, event: Event) -> None:
        row["environment"], row["environment_time"] = event["digest"], stamp.time

    def _adopt_keys(self, experiment: int) -> None:
        """Events of a run came before its start: their keys belong there, too."""
        found = self._connection.exec_driver_sql(
            f"SELECT noun, key FROM experiment_keys WHERE experiment = {_NO_EXPERIMENT}"  # noqa: S608 - a number of ours
        )
        self._pairs.update((experiment, noun, key) for noun, key in found)

    def _note_keys(self, changes: RunChanges, experiment: int) -> None:
        add = self._pairs.add
        for key, _ in changes.points.values():
            add((experiment, METRIC, key))
        for slot in changes.latest:
            noun = _NOUNS.get(slot[0])
            if noun is not None:
                add((experiment, noun, slot[1]))

    def _add_stamped(
        self, changes: RunChanges, slot: tuple[Any, ...], stamp: Stamp, event: Event
    ) -> None:
        table, name = slot
        if table in _NOUNS:
            head: tuple[Any, ...] = (name, changes.run)
        elif table == "files":
            head = (changes.run, *name)
        else:
            head = (changes.run, name)
        tail = (stamp.time - changes.base, changes.writers[stamp.writer].number)
        self._rows[table].append(head + event["row"] + tail)

    def _add_series(
        self, run: int, key: int, points: list[PointRow], stored: _Stored
    ) -> None:
        try:
            points.sort()
        except TypeError:
            # Two points share step and microsecond, and one of them is NaN.
            points.sort(key=_point_order)
        summary = summarize(points)
        before = stored.summary(key)
        if before is not None:
            summary = join_summaries(before, summary)
        self._rows["stretches"] += self._stretcher.rows(
            run, key, points, 0 if before is None else before[0], summary[0]
        )
        if summary[0] == 1:
            # One point is its own min and max: no room for saying so.
            summary = (*summary[:4], None, None)
        self._rows["metrics"].append((key, run, *summary))
        self._points.append(points)


_SETTERS = {
    "start": Batch._set_start,  # noqa: SLF001 - one noun, one module
    "end": Batch._set_end,  # noqa: SLF001 - one noun, one module
    "note": Batch._set_note,  # noqa: SLF001 - one noun, one module
    "environment": Batch._set_environment,  # noqa: SLF001 - one noun, one module
}
_RUN_COLUMNS = metadata.tables["runs"].columns.keys()
_STAMP_TIMES = {
    "start": "started",
    "end": "ended",
    "note": "note_time",
    "environment": "environment_time",
}


def new_run_row(changes: RunChanges) -> RunRow:
    """Make the row of a run of which nothing is known but its id."""
    row = dict.fromkeys(_RUN_COLUMNS)
    row.update(id=changes.run, run_id=changes.run_id)
    row.update(is_open=True, status=Status.RUNNING.value)
    return row


class _Stored:
    """What the index holds already of a run that has grown."""

    def __init__(self, connection: Connection, changes: RunChanges, mark: str) -> None:
        self._writers = {state.number: name for name, state in changes.writers.items()}
        self._stamps: dict[tuple[Any, ...], Stamp] = {}
        self._summaries: dict[int, tuple[Any, ...]] = {}
        if changes.is_fresh:
            return
        self._mark = mark
        self._connection = connection
        wanted = defaultdict(list)
        for slot in changes.latest:
            if slot[0] in _STAMPED:
                wanted[slot[0]].append(slot[1])
        for table, names in wanted.items():
            self._load_stamps(changes, table, names)
        for key, _ in changes.points.values():
            self._load_summary(changes.run, key)

    def is_newer(self, row: RunRow, slot: str, stamp: Stamp) -> bool:
        time = row[_STAMP_TIMES[slot]]
        if time is None:
            return True
        return stamp >= Stamp(time, self._writers[row[f"{slot}_writer"]])

    def is_beaten(self, slot: tuple[Any, ...], stamp: Stamp) -> bool:
        found = self._stamps.get(slot)
        return found is None or stamp >= found

    def summary(self, key: int) -> tuple[Any, ...] | None:
        return self._summaries.get(key)

    def _load_stamps(self, changes: RunChanges, table: str, names: list[Any]) -> None:
        columns = [name for name in PRIMARY[table] if name != "run"]
        test = " AND ".join(f"{name} = {self._mark}" for name in columns)
        sql = f"SELECT time, writer FROM {table} WHERE run = {self._mark} AND {test}"  # noqa: S608 - names of our own tables
        for name in names:
            values = name if isinstance(name, tuple) else (name,)
            found = self._connection.exec_driver_sql(sql, (changes.run, *values))
            for time, writer in found:
                self._stamps[table, name] = Stamp(
                    time + changes.base, self._writers[writer]
                )

    def _load_summary(self, run: int, key: int) -> None:
        sql = (
            f"SELECT {column_list('metrics')} FROM metrics "  # noqa: S608 - names of our own table
            f"WHERE key = {self._mark} AND run = {self._mark}"
        )
        row = self._connection.exec_driver_sql(sql, (key, run)).first()
        if row is not None:
            count, last, step, time, low, high = row[2:]
            if count == 1:
                low = high = last
            self._summaries[key] = (count, last, step, time, low, high)


def _point_order(row: PointRow) -> tuple[Any, ...]:
    return (*row[:4], row[5] is not None, row[5] or 0.0)


def summarize(points: list[PointRow]) -> tuple[Any, ...]:
    """Sum sorted points up: count, last, its step and time, min, max."""
    values = [row[5] for row in points]
    numbers = [v for v in values if v is not None] if None in values else values
    last = points[-1]
    return (
        len(points),
        last[5],
        last[2],
        last[3],
        min(numbers, default=None),  # type: ignore[type-var]  # no None among them
        max(numbers, default=None),  # type: ignore[type-var]  # no None among them
    )


def join_summaries(one: tuple[Any, ...], two: tuple[Any, ...]) -> tuple[Any, ...]:
    """Join the summaries of two parts of a series."""
    lasts = sorted((one, two), key=_last_order)
    lows = [part[4] for part in (one, two) if part[4] is not None]
    highs = [part[5] for part in (one, two) if part[5] is not None]
    return (
        one[0] + two[0],
        *lasts[1][1:4],
        min(lows, default=None),
        max(highs, default=None),
    )


def _last_order(summary: tuple[Any, ...]) -> tuple[Any, ...]:
    _, last, step, time, *_ = summary
    return (step, time, last is not None, last or 0.0)
