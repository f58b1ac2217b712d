"""Lists of runs: which, in which order, with which values."""

from __future__ import annotations

import json
import math
from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import select

from jupyter_mlops.errors import ExperimentNotFoundError, InvalidInputError, nearest
from jupyter_mlops.ids import Digest, RunId
from jupyter_mlops.records import (
    ErrorRecord,
    Kind,
    MetricSummary,
    RunRecord,
    Status,
    time_from_micros,
)
from jupyter_mlops.store.index.answers import RunTable
from jupyter_mlops.store.index.filters import RunFilter
from jupyter_mlops.store.index.tables import METRIC, PARAM, TAG, experiments, runs
from jupyter_mlops.store.index.values import FLOAT, NULL, TEXT, param_value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from sqlalchemy import Connection

    from jupyter_mlops.store.index.answers import RunQuery

_NOUNS = {"params": PARAM, "metrics": METRIC, "tags": TAG}
_FEW = 2000
"""Up to so many runs, their rows are picked; above, whole keys are read."""

_COLUMNS = {
    "params": "type, number, text",
    "metrics": "count, last, min, max",
    "tags": "value",
}


class _RunRow(NamedTuple):
    id: int
    run_id: str
    name: str
    experiment: str
    kind: str
    status: str
    started: int
    ended: int | None
    parent: str | None
    notebook: str | None
    cell_id: str | None
    error: str | None
    note: str | None
    environment: bytes | None
    experiment_number: int


def select_runs(connection: Connection, query: RunQuery) -> list[int]:
    """Return the numbers of the runs that `query` asks for, in its order."""
    search = _search(connection, query)
    orders = [query.order_by] if isinstance(query.order_by, str) else query.order_by
    for order in orders:
        search.order(order)
    found: list[int] = []
    for statement in search.selects(_checked_limit(query.limit)):
        # All at once: lists are long, and a call for each row takes longer than SQL.
        found.extend(connection.execute(statement).scalars().all())
        if query.limit is not None and len(found) >= query.limit:
            break
    return found[: query.limit]


def count_runs(connection: Connection, query: RunQuery) -> int:
    """Return how many runs `query` asks for, however many it would return at most."""
    return int(connection.execute(_search(connection, query).count()).scalar() or 0)


def _search(connection: Connection, query: RunQuery) -> RunFilter:
    """Narrow down to what `query` asks for; the order is still to be said."""
    search = RunFilter(is_sqlite=connection.dialect.name == "sqlite")
    if query.experiment is not None:
        number = experiment_number(connection, query.experiment)
        search.test(runs.c.experiment == number)
    if query.kinds:
        search.test(runs.c.kind.in_([str(kind) for kind in query.kinds]))
    if query.parent is not None:
        search.test(runs.c.parent == query.parent)
    if query.within is not None:
        search.test(runs.c.run_id.in_(query.within))
    for key, is_there in query.tagged.items():
        search.tagged(key, is_there=is_there)
    search.narrow(query.filter)
    return search


def experiment_number(connection: Connection, name: str) -> int:
    """Return an experiment's number in the index.

    Raises
    ------
    ExperimentNotFoundError
        Names the nearest that there is.
    """
    wanted = select(experiments.c.id).where(experiments.c.name == name)
    number = connection.execute(wanted).scalar()
    if number is None:
        known = connection.execute(select(experiments.c.name)).scalars()
        raise ExperimentNotFoundError(
            f"There is no experiment '{name}'.{nearest(name, known)}", experiment=name
        )
    return int(number)


def read_records(
    connection: Connection, numbers: Sequence[int], include: Iterable[str]
) -> list[RunRecord]:
    """Return the runs of `numbers`, in that order, with what `include` names."""
    values = Values(connection, numbers)
    found: dict[str, dict[int, dict[str, Any]]] = {}
    for noun in include:
        by_run = found[noun] = defaultdict(dict)
        make = _MAKERS[noun]
        for key, run, *row in values.rows(noun, _COLUMNS[noun]):
            if noun != "tags" or row[0] is not None:
                by_run[run][values.key_name(key)] = make(row)
    return [
        _record(row, {noun: by_run.get(row.id, {}) for noun, by_run in found.items()})
        for row in values.runs
    ]


def read_table(
    connection: Connection, numbers: Sequence[int], include: Iterable[str]
) -> RunTable:
    """Return the runs of `numbers`, in that order, by column."""
    values = Values(connection, numbers)
    rows = values.runs
    columns: dict[str, list[Any]] = {
        "run_id": [row.run_id for row in rows],
        "name": [row.name for row in rows],
        "experiment": [row.experiment for row in rows],
        "kind": [row.kind for row in rows],
        "status": [row.status for row in rows],
        "started": [row.started for row in rows],
        "seconds": [
            None if row.ended is None else (row.ended - row.started) / 1_000_000
            for row in rows
        ],
    }
    places = {row.id: place for place, row in enumerate(rows)}
    for noun in ("params", "metrics", "tags"):
        if noun in include:
            columns.update(_value_columns(values, noun, places))
    return RunTable(columns)


def _value_columns(
    values: Values, noun: str, places: dict[int, int]
) -> dict[str, list[Any]]:
    by_key: dict[int, list[Any]] = {}
    size = len(places)
    for key, run, value in _CELLS[noun](values):
        column = by_key.get(key)
        if column is None:
            column = by_key[key] = [None] * size
        column[places[run]] = value
    named = {f"{noun}.{values.key_name(key)}": by_key[key] for key in by_key}
    return dict(sorted(named.items()))


def _param_cells(values: Values) -> Iterator[tuple[int, int, Any]]:
    for key, run, kind, number, text in values.rows("params", "type, number, text"):
        if kind == TEXT:
            yield key, run, text
        elif kind == FLOAT and number is not None:
            yield key, run, number
        elif kind != NULL:
            yield key, run, param_value(kind, number, text)


def _metric_cells(values: Values) -> Iterator[tuple[int, int, Any]]:
    for key, run, last in values.rows("metrics", "last"):
        yield key, run, math.nan if last is None else last


def _tag_cells(values: Values) -> Iterator[tuple[int, int, Any]]:
    for key, run, value in values.rows("tags", "value"):
        if value is not None:
            yield key, run, value


class Values:
    """Reads params, metrics and tags of given runs."""

    def __init__(self, connection: Connection, numbers: Sequence[int]) -> None:
        self._connection = connection
        self._is_sqlite = connection.dialect.name == "sqlite"
        self._numbers = numbers
        self._names: dict[int, str] = {}
        self.runs = self._read_runs()
        self._experiments = {row.experiment_number for row in self.runs}

    def key_name(self, key: int) -> str:
        """Return the name of a key that `rows` gave."""
        return self._names[key]

    def rows(self, noun: str, columns: str) -> Iterable[Sequence[Any]]:
        """Give key, run and `columns` of a noun, for all runs."""
        keys = self._keys(noun)
        if not keys or not self._numbers:
            return ()
        sql = f"SELECT key, run, {columns} FROM {noun} WHERE {self._in('key')}"  # noqa: S608 - names of our own tables
        if len(self._numbers) > _FEW:
            wanted = set(self._numbers)
            found = self._fetch(sql, keys)
            return (row for row in found if row[1] in wanted)
        return self._fetch(f"{sql} AND {self._in('run')}", keys, self._numbers)

    def _keys(self, noun: str) -> list[int]:
        sql = (
            "SELECT DISTINCT k.id, k.name FROM experiment_keys e "  # noqa: S608 - a number of ours
            f"JOIN keys k ON k.id = e.key WHERE {self._in('e.experiment')} "
            f"AND e.noun = {_NOUNS[noun]}"
        )
        found = self._fetch(sql, sorted(self._experiments))
        names = {row[0]: row[1] for row in found}
        self._names.update(names)
        return list(names)

    def _read_runs(self) -> list[_RunRow]:
        """Read the rows of the runs themselves, in the order asked for."""
        sql = (
            "SELECT r.id, r.run_id, r.name, e.name AS experiment, r.kind, r.status, "  # noqa: S608 - names of our own tables
            "r.started, r.ended, r.parent, r.notebook, r.cell_id, r.error, r.note, "
            "r.environment, r.experiment AS experiment_number "
            "FROM runs r JOIN experiments e ON e.id = r.experiment "
            f"WHERE {self._in('r.id')}"
        )
        found = map(_RunRow._make, self._fetch(sql, self._numbers))
        by_number = {row.id: row for row in found}
        return [by_number[number] for number in self._numbers]

    def _in(self, column: str) -> str:
        # One bound value, however many numbers: the statement stays the same.
        if self._is_sqlite:
            return f"{column} IN (SELECT value FROM json_each(?))"  # noqa: S608 - a column of ours
        return f"{column} = ANY(%s)"

    def _fetch(self, sql: str, *lists: Sequence[int]) -> Sequence[tuple[Any, ...]]:
        values: tuple[Any, ...] = tuple(
            json.dumps(list(numbers)) if self._is_sqlite else list(numbers)
            for numbers in lists
        )
        # Plain tuples of the driver: there may be a million.
        cursor = self._connection.connection.cursor()
        try:
            cursor.execute(sql, values)
            return cursor.fetchall()
        finally:
            cursor.close()


def _record(row: _RunRow, values: dict[str, dict[str, Any]]) -> RunRecord:
    return RunRecord(
        run_id=RunId(row.run_id),
        name=row.name,
        experiment=row.experiment,
        kind=Kind(row.kind),
        status=Status(row.status),
        started=time_from_micros(row.started),
        ended=None if row.ended is None else time_from_micros(row.ended),
        parent_id=None if row.parent is None else RunId(row.parent),
        notebook=row.notebook,
        cell_id=row.cell_id,
        note=row.note,
        environment=None if row.environment is None else Digest(row.environment.hex()),
        error=read_error(json.loads(row.error)) if row.error else None,
        **{noun: dict(sorted(found.items())) for noun, found in values.items()},
    )


def read_error(value: dict[str, Any] | None) -> ErrorRecord | None:
    """Return the exception that an event tells of."""
    if value is None:
        return None
    return ErrorRecord(
        name=value["name"],
        value=value["value"],
        traceback=str(value.get("traceback") or ""),
    )


def _nan_if_null(value: float | None) -> float:
    return math.nan if value is None else value


def _summary(row: Sequence[Any]) -> MetricSummary:
    count, *numbers = row
    last, low, high = map(_nan_if_null, numbers)
    if count == 1:
        low = high = last
    return MetricSummary(count=count, last=last, min=low, max=high)


_MAKERS: dict[str, Callable[[Sequence[Any]], Any]] = {
    "params": lambda row: param_value(*row),
    "metrics": _summary,
    "tags": lambda row: row[0],
}
_CELLS: dict[str, Callable[[Values], Iterator[tuple[int, int, Any]]]] = {
    "params": _param_cells,
    "metrics": _metric_cells,
    "tags": _tag_cells,
}


def _checked_limit(limit: Any) -> int | None:
    if limit is None or (type(limit) is int and limit >= 0):
        return limit
    raise InvalidInputError(
        f"The limit is {limit!r}; it must be a whole number from 0, or None for all.",
        limit=limit,
    )
