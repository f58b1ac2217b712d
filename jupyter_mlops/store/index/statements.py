"""The fixed statements that write the index, in the words of the driver.

Large batches go through them as plain tuples: SQLAlchemy's own way of making rows
would take longer than the database.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

from jupyter_mlops.store.index.tables import metadata

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Table

    from jupyter_mlops.store.index.changes import PointRow

Row = tuple[Any, ...]

_VARIABLES = 960
"""Bound values in one SQLite statement; every build allows 999."""

PRIMARY = {
    "state": ("name",),
    "experiments": ("id",),
    "keys": ("id",),
    "experiment_keys": ("experiment", "noun", "key"),
    "runs": ("id",),
    "writers": ("run", "number"),
    "params": ("key", "run"),
    "metrics": ("key", "run"),
    "stretches": ("run", "key", "width", "place"),
    "tags": ("key", "run"),
    "cells": ("run", "position"),
    "artifacts": ("run", "name"),
    "files": ("run", "role", "path"),
    "observations": ("run", "name"),
}

_IN_ORDER = ("experiment_keys", "params", "metrics", "tags")


def column_list(name: str) -> str:
    """Name a table's columns, in order, for a statement."""
    return ", ".join(_quoted(column) for column in metadata.tables[name].columns.keys())  # noqa: SIM118 - iterating gives columns, not their names


def _quoted(column: str) -> str:
    return f'"{column}"'


class Writer:
    """Writes rows within the transaction of `connection`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.is_sqlite = connection.dialect.name == "sqlite"
        self.mark = "?" if self.is_sqlite else "%s"

    def put(self, name: str, rows: list[Row]) -> None:
        """Insert or replace `rows` of a table, by its key."""
        if not rows:
            return
        if name in _IN_ORDER:
            # Rows that are neighbours on disk are written one after another.
            rows.sort(key=_first_two)
        self._insert(metadata.tables[name], _on_conflict(name), rows)

    def _insert(self, table: Table, conflict: str, rows: Sequence[Row]) -> None:
        """Insert rows, on SQLite many with each statement: twice as fast."""
        width = len(table.columns)
        size = _VARIABLES // width if self.is_sqlite else 1
        row = f"({', '.join([self.mark] * width)})"
        head = f"INSERT INTO {table.name} ({column_list(table.name)}) VALUES "  # noqa: S608 - names of our own tables
        whole = len(rows) - len(rows) % size
        if size > 1 and whole:
            flat = [
                tuple(chain.from_iterable(rows[i : i + size]))
                for i in range(0, whole, size)
            ]
            many = f"{head}{', '.join([row] * size)}{conflict}"
            self._connection.exec_driver_sql(many, flat)
            rows = rows[whole:]
        if rows:
            self._connection.exec_driver_sql(head + row + conflict, list(rows))

    def add_points(self, groups: Sequence[list[PointRow]]) -> None:
        """Add points, each group sorted by step and time."""
        if not groups:
            return
        if self.is_sqlite:
            self._add_to_sqlite(list(chain.from_iterable(groups)))
            return
        cursor = self._connection.connection.cursor()
        with cursor.copy(f"COPY points ({column_list('points')}) FROM STDIN") as copy:
            for row in chain.from_iterable(groups):
                copy.write_row(row)
        cursor.close()

    def _add_to_sqlite(self, rows: list[PointRow]) -> None:
        from sqlalchemy.exc import IntegrityError

        savepoint = self._connection.begin_nested()
        try:
            self._insert(metadata.tables["points"], "", rows)
        except IntegrityError:
            savepoint.rollback()
            self._add_twins(rows)
        else:
            savepoint.commit()

    def _add_twins(self, rows: list[PointRow]) -> None:
        """Add points among which some share step and microsecond: one by one."""
        sql = (
            f"INSERT INTO points ({column_list('points')}) "  # noqa: S608 - names of our own table
            f"VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
        )
        cursor = self._connection.connection.cursor()
        for *head, twin, value in rows:
            while cursor.execute(sql, (*head, twin, value)).rowcount == 0:
                twin += 1  # noqa: PLW2901 - counts on from the 0 that rows come with
        cursor.close()


def _on_conflict(name: str) -> str:
    key = PRIMARY[name]
    columns = metadata.tables[name].columns.keys()
    sets = [f"{_quoted(n)} = excluded.{_quoted(n)}" for n in columns if n not in key]
    does = f"UPDATE SET {', '.join(sets)}" if sets else "NOTHING"
    return f" ON CONFLICT ({', '.join(_quoted(n) for n in key)}) DO {does}"


def _first_two(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return row[:2]
