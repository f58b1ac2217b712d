"""Filters and orders as SQL: every value is a bound parameter."""

from __future__ import annotations

from dataclasses import replace
from operator import eq, ge, gt, le, lt, ne
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, exists, false, func, not_, or_, select

from jupyter_mlops.errors import FilterSyntaxError
from jupyter_mlops.store.index import values as stored
from jupyter_mlops.store.index.fields import as_glob, as_times, find_target, lowered
from jupyter_mlops.store.index.grammar import (
    Condition,
    Group,
    parse_filter,
    parse_order,
)
from jupyter_mlops.store.index.tables import (
    experiments,
    keys,
    metrics,
    params,
    runs,
    tags,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, FromClause, Select, Table

    from jupyter_mlops.store.index.fields import Target
    from jupyter_mlops.store.index.grammar import Value

_OPERATORS = {"=": eq, "!=": ne, ">": gt, ">=": ge, "<": lt, "<=": le}
_TABLES: dict[str, Table] = {"metrics": metrics, "params": params, "tags": tags}
_SORTED_BY = {"metrics": ["last"], "tags": ["value"], "params": ["number", "text"]}
_TIMES = ("started", "ended")
_LOWER = ("kind", "status")


class RunFilter:
    """Narrows and orders a selection of runs.

    Parameters
    ----------
    is_sqlite : bool
        Which of the two databases the SQL is for.
    """

    def __init__(self, *, is_sqlite: bool) -> None:
        self._is_sqlite = is_sqlite
        self._tests: list[ColumnElement[bool]] = [runs.c.started.is_not(None)]
        self._order: list[tuple[Target, bool]] = []
        self._bounds: list[tuple[Target, str, Condition]] = []

    def test(self, condition: ColumnElement[bool]) -> None:
        """Ask for a condition of the caller's own, too."""
        self._tests.append(condition)

    def tagged(self, key: str, *, is_there: bool) -> None:
        """Ask for a tag, or for its absence."""
        number = select(keys.c.id).where(keys.c.name == key).scalar_subquery()
        having = select(tags.c.run).where(
            tags.c.key == number, tags.c.value.is_not(None)
        )
        test = runs.c.id.in_(having)
        self._tests.append(test if is_there else not_(test))

    def narrow(self, text: str) -> None:
        """Ask for what the filter `text` says."""
        tree = parse_filter(text)
        if tree is None:
            return
        is_all = isinstance(tree, Group) and tree.word == "and"
        parts = tree.parts if is_all and isinstance(tree, Group) else (tree,)
        for part in parts:
            self._tests.append(self._nested(text, part))
            if isinstance(part, Condition) and part.operator != "null":
                self._bounds.append((find_target(text, part.field), text, part))

    def order(self, text: str) -> None:
        """Sort by what `text` says, after what was asked before."""
        for term in parse_order(text):
            self._order.append((find_target(text, term.field), term.is_descending))

    def selects(self, limit: int | None) -> list[Select[Any]]:
        """Return the statements that give the runs' numbers, one after another.

        When the first order is a metric, the first statement walks the metric's
        index and ends as soon as there are enough runs; the second one, for when
        there are not, gives the runs that have no number there.
        """
        if not self._order or self._order[0][0].noun != "metrics":
            return [self._select(runs, self._tests, [], limit)]
        target, is_descending = self._order[0]
        walked = metrics.alias()
        own = [*_of_key(walked, target.key), walked.c.last.is_not(None)]
        bounds = [
            self._numbers(text, walked.c.last, condition, "Metrics")
            for found, text, condition in self._bounds
            if found == target
        ]
        source = walked.join(runs, walked.c.run == runs.c.id)
        first = walked.c.last.desc() if is_descending else walked.c.last
        having = self._select(source, [*own, *bounds, *self._tests], [first], limit)
        if bounds:
            return [having]
        other = metrics.alias()
        lacking = not_(_exists(other, target, other.c.last.is_not(None)))
        return [having, self._select(runs, [lacking, *self._tests], [], limit)]

    def count(self) -> Select[Any]:
        """Return the statement that counts the runs."""
        return select(func.count()).select_from(runs).where(*self._tests)

    def _select(
        self,
        source: FromClause,
        tests: Sequence[ColumnElement[bool]],
        first: list[ColumnElement[Any]],
        limit: int | None,
    ) -> Select[Any]:
        order, terms = list(first), self._order
        if terms and terms[0][0].noun == "metrics":
            terms = terms[1:]
        for target, is_descending in terms:
            for column in self._sorted_by(target):
                one = column.desc() if is_descending else column.asc()
                order.append(one.nulls_last())
        if not self._order:
            order.append(runs.c.started.desc())
        # Then by id, so that the order is always the same.
        order.append(self._text(runs.c.run_id).desc())
        return (
            select(runs.c.id)
            .select_from(source)
            .where(*tests)
            .order_by(*order)
            .limit(limit)
        )

    def _nested(self, text: str, tree: Condition | Group) -> ColumnElement[bool]:
        if isinstance(tree, Group):
            parts = [self._nested(text, part) for part in tree.parts]
            if tree.word == "not":
                return not_(parts[0])
            return and_(*parts) if tree.word == "and" else or_(*parts)
        target = find_target(text, tree.field)
        if target.noun == "attributes":
            # Unknown is false, so that `not` makes it true.
            return func.coalesce(self._attribute(text, target.key, tree), false())
        alias = _TABLES[target.noun].alias()
        if tree.operator == "null":
            found = _exists(alias, target, _is_there(alias, target.noun))
            return found if tree.is_negated else not_(found)
        return _exists(alias, target, self._keyed(text, alias, target, tree))

    def _keyed(
        self, text: str, alias: FromClause, target: Target, condition: Condition
    ) -> ColumnElement[bool]:
        if target.noun == "metrics":
            return self._numbers(text, alias.c.last, condition, "Metrics")
        if target.noun == "tags":
            return self._texts(text, alias.c.value, condition, "Tags")
        return self._param(text, alias, condition)

    def _param(
        self, text: str, alias: FromClause, condition: Condition
    ) -> ColumnElement[bool]:
        """Compare like with like: numbers, texts and truth values never meet."""
        tests = []
        by_type: dict[type, list[Value]] = {}
        for value in condition.values:
            by_type.setdefault(type(value.value), []).append(value)
        for kind, values in by_type.items():
            part = Condition(
                condition.field, condition.operator, tuple(values), condition.is_negated
            )
            if kind is str:
                test = self._texts(text, alias.c.text, part, "Params")
                tests.append(and_(alias.c.type == stored.TEXT, test))
            else:
                types = [stored.BOOL] if kind is bool else [stored.INT, stored.FLOAT]
                numbers = tuple(replace(v, value=float(v.value)) for v in values)
                test = _compared(alias.c.number, replace(part, values=numbers))
                tests.append(and_(alias.c.type.in_(types), test))
        return or_(*tests)

    def _attribute(
        self, text: str, name: str, condition: Condition
    ) -> ColumnElement[bool]:
        if name == "experiment":
            test = self._texts(text, experiments.c.name, condition, "experiment")
            return runs.c.experiment.in_(select(experiments.c.id).where(test))
        column = self._attribute_column(name)
        if condition.operator == "null":
            return column.is_not(None) if condition.is_negated else column.is_(None)
        if name in _TIMES:
            return self._numbers(text, column, as_times(text, condition), name)
        if name == "seconds":
            return self._numbers(text, column, condition, name)
        if name in _LOWER:
            condition = lowered(condition)
        return self._texts(text, column, condition, name)

    def _attribute_column(self, name: str) -> ColumnElement[Any]:
        if name == "seconds":
            return (runs.c.ended - runs.c.started) * 1e-6
        return runs.c[name]

    def _numbers(
        self, text: str, column: ColumnElement[Any], condition: Condition, what: str
    ) -> ColumnElement[bool]:
        for value in condition.values:
            if type(value.value) not in (float, int):
                raise FilterSyntaxError(
                    text, value.position, f"{what} compare with numbers"
                )
        return _compared(column, condition)

    def _texts(
        self, text: str, column: ColumnElement[Any], condition: Condition, what: str
    ) -> ColumnElement[bool]:
        for value in condition.values:
            if type(value.value) is not str:
                raise FilterSyntaxError(
                    text, value.position, f"{what} compare with text: put it in quotes"
                )
        if condition.operator not in {"like", "ilike"}:
            return _compared(self._text(column), condition)
        test = self._like(column, condition.operator, str(condition.values[0].value))
        return not_(test) if condition.is_negated else test

    def _like(
        self, column: ColumnElement[Any], operator: str, pattern: str
    ) -> ColumnElement[bool]:
        if operator == "ilike":
            return column.ilike(pattern, escape="\\")
        if self._is_sqlite:
            # SQLite's own LIKE does not tell upper from lower case.
            return column.op("GLOB", is_comparison=True)(as_glob(pattern))
        return column.like(pattern, escape="\\")

    def _text(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        """Compare byte by byte on both databases."""
        return column if self._is_sqlite else column.collate("C")

    def _sorted_by(self, target: Target) -> list[ColumnElement[Any]]:
        if target.noun == "attributes":
            if target.key == "experiment":
                name = select(experiments.c.name).where(
                    experiments.c.id == runs.c.experiment
                )
                return [self._text(name.scalar_subquery())]
            column = self._attribute_column(target.key)
            is_number = target.key in {*_TIMES, "seconds"}
            return [column if is_number else self._text(column)]
        alias = _TABLES[target.noun].alias()
        columns = _SORTED_BY[target.noun]
        found: list[ColumnElement[Any]] = [
            select(alias.c[column])
            .where(*_of_key(alias, target.key), alias.c.run == runs.c.id)
            .scalar_subquery()
            for column in columns
        ]
        if target.noun == "params":
            return [found[0], self._text(found[1])]
        return found if target.noun == "metrics" else [self._text(found[0])]


def _of_key(alias: FromClause, name: str) -> tuple[ColumnElement[bool], ...]:
    number = select(keys.c.id).where(keys.c.name == name).scalar_subquery()
    return (alias.c.key == number,)


def _exists(
    alias: FromClause, target: Target, test: ColumnElement[bool]
) -> ColumnElement[bool]:
    return exists().where(*_of_key(alias, target.key), alias.c.run == runs.c.id, test)


def _is_there(alias: FromClause, noun: str) -> ColumnElement[bool]:
    if noun == "params":
        return alias.c.type != stored.NULL
    return alias.c.value.is_not(None) if noun == "tags" else alias.c.count > 0


def _compared(column: ColumnElement[Any], condition: Condition) -> ColumnElement[bool]:
    values = [value.value for value in condition.values]
    if condition.operator == "null":
        return column.is_not(None) if condition.is_negated else column.is_(None)
    if condition.operator == "in":
        return column.not_in(values) if condition.is_negated else column.in_(values)
    test: ColumnElement[bool] = _OPERATORS[condition.operator](column, values[0])
    return test
