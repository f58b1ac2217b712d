"""Lists of runs a page at a time, and the names that occur in them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from jupyter_mlops.store.index.answers import NOUNS, KnownNames, RunPage
from jupyter_mlops.store.index.groups import read_groups
from jupyter_mlops.store.index.queries import count_runs, read_records, select_runs
from jupyter_mlops.store.index.tables import METRIC, PARAM, TAG

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from jupyter_mlops.store.index.answers import RunQuery
    from jupyter_mlops.store.index.groups import Grouping

_NAMES = {METRIC: "metrics", PARAM: "params", TAG: "tags"}


def read_page(
    connection: Connection,
    query: RunQuery,
    offset: int,
    limit: int,
    grouping: Grouping | None = None,
) -> RunPage:
    """Return some of the runs that `query` asks for, and how many there are."""
    if grouping is None:
        total = count_runs(connection, query)
        # The runs behind the page are counted, but not sorted.
        numbers = select_runs(connection, replace(query, limit=offset + limit))
        groups = []
    else:
        numbers = select_runs(connection, grouping.ordered(query))
        total = len(numbers)
        groups = read_groups(connection, grouping, numbers)
    shown = numbers[offset : offset + limit]
    runs = read_records(connection, shown, NOUNS) if shown else []
    return RunPage(total=total, offset=offset, runs=runs, groups=groups)


def read_names(connection: Connection) -> KnownNames:
    """Return the names of all params, metrics and tags, sorted."""
    found: dict[str, set[str]] = {noun: set() for noun in _NAMES.values()}
    rows = connection.exec_driver_sql(
        "SELECT DISTINCT e.noun, k.name FROM experiment_keys e "
        "JOIN keys k ON k.id = e.key"
    )
    for noun, name in rows:
        found[_NAMES[noun]].add(name)
    return KnownNames(**{noun: tuple(sorted(names)) for noun, names in found.items()})
