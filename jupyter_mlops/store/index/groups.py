"""Runs counted by experiment or by parent, and the values that a field has."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from jupyter_mlops.errors import InvalidInputError, nearest
from jupyter_mlops.store.index import values as stored
from jupyter_mlops.store.index.answers import RunGroup
from jupyter_mlops.store.index.fields import find_target
from jupyter_mlops.store.index.grammar import Field
from jupyter_mlops.store.index.tables import (
    experiments,
    keys,
    metrics,
    params,
    runs,
    tags,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import Connection

    from jupyter_mlops.store.index.answers import RunQuery

_ORDERS = {"experiment": "experiment asc", "parent": "parent desc"}
_TEXTS = ("name", "kind", "status", "notebook")


@dataclass(frozen=True, slots=True)
class Grouping:
    """What runs are grouped by, and the metric whose best is told of each group.

    Raises
    ------
    InvalidInputError
        When runs cannot be grouped by it.
    """

    by: str
    metric: str = ""

    def __post_init__(self) -> None:
        if self.by not in _ORDERS:
            hint = nearest(self.by, _ORDERS)
            raise InvalidInputError(
                f"Runs are not grouped by '{self.by}'.{hint}", group_by=self.by
            )

    def ordered(self, query: RunQuery) -> RunQuery:
        """Return `query` in an order that keeps a group's runs together."""
        given = query.order_by or "started desc"
        orders = [given] if isinstance(given, str) else given
        return replace(query, order_by=[_ORDERS[self.by], *orders])


def read_groups(
    connection: Connection, grouping: Grouping, numbers: Sequence[int]
) -> list[RunGroup]:
    """Count runs, given in the order of `grouping`."""
    keys_of = _keys_of(connection, grouping.by)
    groups: dict[str | None, list[int]] = defaultdict(list)
    for number in numbers:
        groups[keys_of[number]].append(number)
    is_parent = grouping.by == "parent"
    parents = [key for key in groups if key is not None] if is_parent else []
    labels = _parent_names(connection, parents)
    last = _last_values(connection, grouping.metric)
    return [_group(key, labels, members, last) for key, members in groups.items()]


def _keys_of(connection: Connection, by: str) -> dict[int, str | None]:
    if by == "parent":
        wanted = select(runs.c.id, runs.c.parent)
    else:
        joined = runs.join(experiments, runs.c.experiment == experiments.c.id)
        wanted = select(runs.c.id, experiments.c.name).select_from(joined)
    return {row.id: row[1] for row in connection.execute(wanted)}


def read_values(connection: Connection, name: str, limit: int) -> list[str]:
    """Return values that the field `name` has in runs, the most frequent first.

    Only texts and truth values, as they are written in a filter: numbers are compared,
    not picked.
    """
    target = find_target(name, Field(name, 0))
    if target.noun == "attributes":
        return _attribute_values(connection, target.key, limit)
    if target.noun == "metrics":
        return []
    table = params if target.noun == "params" else tags
    column: Any = table.c.text if target.noun == "params" else table.c.value
    number = select(keys.c.id).where(keys.c.name == target.key).scalar_subquery()
    wanted = select(column).where(table.c.key == number, column.is_not(None))
    if target.noun == "params":
        wanted = wanted.where(params.c.type == stored.TEXT)
    return _most_frequent(connection, wanted, column, limit)


def _attribute_values(connection: Connection, name: str, limit: int) -> list[str]:
    if name == "experiment":
        found = select(experiments.c.name).order_by(experiments.c.name).limit(limit)
        return list(connection.execute(found).scalars())
    if name not in _TEXTS:
        return []
    column = runs.c[name]
    wanted = select(column).where(column.is_not(None))
    return _most_frequent(connection, wanted, column, limit)


def _most_frequent(
    connection: Connection, wanted: Any, column: Any, limit: int
) -> list[str]:
    found = wanted.group_by(column).order_by(func.count().desc(), column).limit(limit)
    return [str(value) for value in connection.execute(found).scalars()]


def _parent_names(connection: Connection, parents: Sequence[str]) -> dict[str, str]:
    wanted = select(runs.c.run_id, runs.c.name).where(runs.c.run_id.in_(parents))
    return {run_id: name for run_id, name in connection.execute(wanted) if name}


def _last_values(connection: Connection, metric: str) -> dict[int, float]:
    if not metric:
        return {}
    number = select(keys.c.id).where(keys.c.name == metric).scalar_subquery()
    wanted = select(metrics.c.run, metrics.c.last).where(
        metrics.c.key == number, metrics.c.last.is_not(None)
    )
    return {row.run: row.last for row in connection.execute(wanted)}


def _group(
    key: str | None,
    labels: Mapping[str, str],
    numbers: Iterable[int],
    last: Mapping[int, float],
) -> RunGroup:
    members = list(numbers)
    values = [last[number] for number in members if number in last]
    return RunGroup(
        key=key,
        label=labels.get(key or "", key or ""),
        count=len(members),
        extremes=(min(values), max(values)) if values else None,
    )
