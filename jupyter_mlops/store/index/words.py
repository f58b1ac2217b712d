"""The words of runs in the database: FTS5 on SQLite, tsvector on PostgreSQL.

Only which word occurs in which run is kept, and which pair of words, not where: so it
costs little, and what is found is looked at again in the texts themselves.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from jupyter_mlops.store.index.texts import FRAMES, read_texts
from jupyter_mlops.store.index.wordsplit import words_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from jupyter_mlops.store.index.changes import RunChanges
    from jupyter_mlops.store.index.outputtexts import Peek

RULES = "2"
"""Kept in `state`; another number has all words taken in again: raise it whenever
`texts` reads more, or splits otherwise."""

_TEXTUAL = frozenset({"start", "end", "note", "params", "tags", "cells"})
_AT_ONCE = 1000
"""Runs whose texts are in memory together."""

_PUT = "INSERT INTO words (rowid, text) VALUES (?, ?)"
_TAKE_OUT = "INSERT INTO words (words, rowid, text) VALUES ('delete', ?, ?)"
_PUT_POSTGRES = (
    "INSERT INTO words (run, text) VALUES (%s, array_to_tsvector(%s::text[])) "
    "ON CONFLICT (run) DO UPDATE SET text = excluded.text"
)


def changes_words(changes: RunChanges) -> bool:
    """Tell whether a run has grown by more than points, files and artifacts."""
    latest = changes.latest
    return ("observations", FRAMES) in latest or any(
        slot[0] in _TEXTUAL for slot in latest
    )


class WordWriter:
    """Writes words within the transaction of `connection`.

    Parameters
    ----------
    peek : callable, optional
        Returns the beginning and the end of a blob's text.
    """

    def __init__(self, connection: Connection, peek: Peek | None = None) -> None:
        self._connection = connection
        self._peek = peek
        self._is_sqlite = connection.dialect.name == "sqlite"

    def take_out(self, runs: Iterable[int]) -> None:
        """Forget the words of runs whose rows are about to change."""
        # FTS5 without a copy of its texts is told what to forget; PostgreSQL
        # replaces the row.
        if self._is_sqlite:
            self._send(_TAKE_OUT, runs)

    def put(self, runs: Iterable[int]) -> None:
        """Take in the words of runs, as their rows are now."""
        self._send(_PUT if self._is_sqlite else _PUT_POSTGRES, runs)

    def put_all(self) -> None:
        """Take in the words of all runs anew."""
        if self._is_sqlite:
            empty = "INSERT INTO words (words) VALUES ('delete-all')"
        else:
            empty = "DELETE FROM words"
        self._connection.exec_driver_sql(empty)
        found = self._connection.exec_driver_sql("SELECT id FROM runs ORDER BY id")
        self.put([row[0] for row in found.all()])

    def _send(self, sql: str, runs: Iterable[int]) -> None:
        rest = iter(runs)
        while numbers := list(islice(rest, _AT_ONCE)):
            texts = read_texts(self._connection, numbers, self._peek)
            rows = (
                (run, words_of(item.text for item in texts[run]))
                for run in sorted(texts)
            )
            # The driver takes lists of words for arrays, FTS5 one text.
            values = [
                (run, " ".join(words) if self._is_sqlite else words)
                for run, words in rows
            ]
            if values:
                self._connection.exec_driver_sql(sql, values)
