"""One indexer's pass: finds what has grown, reads it and writes it in batches."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, Any

from jupyter_mlops.ids import RunId
from jupyter_mlops.store.index.answers import CatchUp
from jupyter_mlops.store.index.changes import RunChanges, WriterState
from jupyter_mlops.store.index.discovery import (
    Memory,
    journals_signature,
    list_runs,
    read_touched,
)
from jupyter_mlops.store.index.ingest import Batch, Names
from jupyter_mlops.store.index.reading import read_run
from jupyter_mlops.store.index.statements import Writer, column_list
from jupyter_mlops.store.index.tables import metadata
from jupyter_mlops.store.index.words import RULES, WordWriter

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from jupyter_mlops.store.index.discovery import Poll
    from jupyter_mlops.store.index.ingest import RunRow
    from jupyter_mlops.store.index.outputtexts import Peek
    from jupyter_mlops.store.layout import Layout

BATCH_EVENTS = 50_000
"""Events in one transaction: what a reader waits for at the most to see progress."""

_COLUMNS = metadata.tables["runs"].columns.keys()


class Pass:
    """Brings the index up to date, for the holder of its lock.

    Parameters
    ----------
    connection : Connection
        Without a transaction begun.
    known : set of str
        Run ids that this process knows to be in the index; grows.
    last_known : int
        The greatest run number among them.
    peek : callable, optional
        Returns the beginning and the end of a blob's text.
    """

    def __init__(
        self,
        layout: Layout,
        connection: Connection,
        known: set[str],
        last_known: int,
        *,
        peek: Peek | None = None,
    ) -> None:
        self._peek = peek
        self._layout = layout
        self._connection = connection
        self._known = known
        self.last_known = last_known
        self._result = CatchUp()
        self._polls: dict[str, dict[str, Poll]] = {}
        self._pending: list[tuple[RunChanges, RunRow | None]] = []
        self._pending_events = 0
        self._names = (Names(connection, "keys"), Names(connection, "experiments"))
        self._stored: dict[str, RunRow] = {}
        self._writers: dict[int, dict[str, WriterState]] = {}
        found = connection.exec_driver_sql("SELECT max(id) FROM runs").scalar()
        self._last_run: int = found or 0

    def run(self) -> tuple[CatchUp, Memory]:
        """Do it all; returns what was done, and what to remember."""
        # Events come by the hundred thousand, and hold no cycles: looking for some
        # among them takes a quarter of the time.
        is_on = gc.isenabled()
        gc.disable()
        try:
            return self._run()
        finally:
            if is_on:
                gc.enable()

    def _run(self) -> tuple[CatchUp, Memory]:
        state = self._load_state()
        if state.get("words") != RULES:
            self._take_in_words()
        # Taken before the folder is listed: what comes later shows next time.
        signature = journals_signature(self._layout)
        touched_ids, touched = read_touched(self._layout, state.get("touched", "0 "))
        self._load_runs("is_open")
        names = dict.fromkeys(self._stored)
        for run_id in touched_ids:
            if run_id not in names and self._layout.journal_folder(run_id).exists():
                self._load_runs(f"run_id = '{run_id}'")
                names[run_id] = None
        if signature == "" or signature != state.get("journals"):
            names.update(dict.fromkeys(self._find_new()))
        for run_id in names:
            self._read(run_id)
        news = {"journals": signature or state.get("journals", ""), "touched": touched}
        self._flush({k: v for k, v in news.items() if state.get(k) != v})
        return self._result, Memory(signature, touched, self._polls)

    def _load_state(self) -> dict[str, str]:
        found = self._connection.exec_driver_sql("SELECT name, value FROM state")
        return {name: value for name, value in found}  # noqa: C416 - rows are no pairs to mypy

    def _take_in_words(self) -> None:
        """Take in the words of all runs, once they are read in another way."""
        WordWriter(self._connection, self._peek).put_all()
        Writer(self._connection).put("state", [("words", RULES)])
        self._connection.commit()

    def _load_runs(self, test: str) -> None:
        """Load rows and read positions of the runs that `test` fits."""
        found = self._connection.exec_driver_sql(
            f"SELECT {column_list('runs')} FROM runs WHERE {test}"  # noqa: S608 - our own test
        )
        for row in found:
            values = dict(zip(_COLUMNS, row, strict=True))
            values["is_open"] = bool(values["is_open"])
            self._stored[values["run_id"]] = values
            self._writers[values["id"]] = {}
        found = self._connection.exec_driver_sql(
            'SELECT run, number, name, "offset", torn FROM writers '  # noqa: S608 - our own test
            f"WHERE run IN (SELECT id FROM runs WHERE {test})"
        )
        for run, number, name, offset, torn in found:
            self._writers[run][name] = WriterState(number, offset, torn)

    def _find_new(self) -> list[str]:
        found = self._connection.exec_driver_sql(
            f"SELECT id, run_id FROM runs WHERE id > {self.last_known}"  # noqa: S608 - a number
        )
        for number, run_id in found:
            self._known.add(run_id)
            self.last_known = max(self.last_known, number)
        known = self._known
        return [name for name in list_runs(self._layout) if name not in known]

    def _read(self, run_id: str) -> None:
        row = self._stored.get(run_id)
        if row is None:
            self._last_run += 1
            changes = self._changes(run_id, self._last_run, {}, is_fresh=True)
        else:
            writers = self._writers[row["id"]]
            changes = self._changes(run_id, row["id"], writers, is_fresh=False)
        problems = self._result.problems
        try:
            polls = read_run(self._layout, changes, problems, self._make_room)
        except PermissionError as error:
            problems.append(f"Run {run_id} is left out: you may not read {_at(error)}.")
            return
        row = self._stored.get(run_id)
        if changes.has_grown or row is None or _has_other_state(row, changes):
            self._add(changes, row)
            self._result.runs += 1
        if changes.is_written or not self._is_ended(row, changes):
            self._polls[run_id] = polls
        self._tell_headless(changes, row)

    def _changes(
        self,
        run_id: str,
        number: int,
        writers: dict[str, WriterState],
        *,
        is_fresh: bool,
    ) -> RunChanges:
        intern = self._names[0].number
        return RunChanges(number, RunId(run_id), intern, is_fresh, writers)

    def _is_ended(self, row: RunRow | None, changes: RunChanges) -> bool:
        return ("end",) in changes.latest or (
            row is not None and row["ended"] is not None
        )

    def _tell_headless(self, changes: RunChanges, row: RunRow | None) -> None:
        has_start = ("start",) in changes.latest or (
            row is not None and row["started"] is not None
        )
        if changes.has_grown and not has_start and not changes.is_written:
            self._result.problems.append(
                f"{self._layout.journal_folder(changes.run_id)} holds no start event: "
                f"the run is not shown until the journal with it is there."
            )

    def _make_room(self, changes: RunChanges) -> None:
        """Write a part of a long run, and everything before it."""
        if self._pending_events + changes.count < BATCH_EVENTS:
            return
        self._add(changes, self._stored.get(changes.run_id))
        self._flush({})
        self._load_runs(f"id = {changes.run}")
        changes.clear()

    def _add(self, changes: RunChanges, row: RunRow | None) -> None:
        self._pending.append((changes, row))
        self._pending_events += changes.count + 1
        self._result.events += changes.count
        if changes.is_read and self._pending_events >= BATCH_EVENTS:
            self._flush({})

    def _flush(self, state: dict[str, str]) -> None:
        """Write everything read so far, in one transaction."""
        if self._pending or state:
            words = WordWriter(self._connection, self._peek)
            batch = Batch(self._connection, words, *self._names)
            for changes, row in self._pending:
                batch.add(changes, row)
            batch.write()
            rows: list[tuple[Any, ...]] = list(state.items())
            Writer(self._connection).put("state", rows)
        self._connection.commit()
        for changes, _ in self._pending:
            self._known.add(changes.run_id)
        self._pending = []
        self._pending_events = 0


def _has_other_state(row: RunRow, changes: RunChanges) -> bool:
    """Tell whether only the life of a run's processes has changed."""
    before = {name: row[name] for name in ("status", "is_open")}
    if row["ended"] is not None:
        return bool(before["is_open"]) != changes.is_written
    return bool(before["status"] == "running") != changes.is_written


def _at(error: PermissionError) -> str:
    return str(error.filename or "one of its journals")
