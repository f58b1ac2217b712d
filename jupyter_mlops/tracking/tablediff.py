"""What changed between two tables, by value: their first rows, cell by cell.

Knows nothing of runs: a table here is plain values by column.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jupyter_mlops.tracking.changes import Change, compare_values

if TYPE_CHECKING:
    from collections.abc import Iterator

SHOWN = 200
"""Changed values that are named; the rest are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table, of which the first rows and columns are known.

    Attributes
    ----------
    shape : tuple of int
        Rows and columns of all of it.
    columns : tuple of (str, str)
        Names and types; a type is empty where it is not known.
    values : tuple of list
        By column, for as many columns as are known.
    index : list or None
        Labels of the rows; None where they only count.
    """

    shape: tuple[int, int]
    columns: tuple[tuple[str, str], ...]
    values: tuple[list[Any], ...] = ()
    index: list[Any] | None = None

    @property
    def known_rows(self) -> int:
        """How many rows are known."""
        return min(map(len, self.values), default=0)

    def labels(self) -> list[str]:
        """Return what the known rows are called."""
        index = range(self.known_rows) if self.index is None else self.index
        return [str(label) for label in index][: self.known_rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueChange:
    """A value that is not the same in both tables."""

    row: str
    column: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class TableChange:
    """How two tables differ.

    Attributes
    ----------
    columns : tuple of Change
        Columns added, removed, or of another type.
    rows_added, rows_removed : tuple of str
        Labels of rows that only one has; empty unless all rows are known.
    count : int
        How many values differ among those compared.
    cells : tuple of ValueChange
        The first of them.
    compared_rows : int
        How many rows were looked at: the first ones.
    """

    shape_before: tuple[int, int]
    shape_after: tuple[int, int]
    columns: tuple[Change, ...] = ()
    rows_added: tuple[str, ...] = ()
    rows_removed: tuple[str, ...] = ()
    count: int = 0
    cells: tuple[ValueChange, ...] = ()
    compared_rows: int = 0

    @property
    def is_equal(self) -> bool:
        """Whether nothing that is known differs."""
        return self.shape_before == self.shape_after and not (
            self.columns or self.count or self.rows_added or self.rows_removed
        )


def compare_tables(before: Table, after: Table) -> TableChange:
    """Compare two tables: rows by their labels where those are unique, else by place.

    A missing value equals another.
    """
    pairs, removed, added = _paired_rows(before, after)
    cells: list[ValueChange] = []
    count = 0
    for change in _changes(before, after, pairs):
        count += 1
        if count <= SHOWN:
            cells.append(change)
    return TableChange(
        shape_before=before.shape,
        shape_after=after.shape,
        columns=compare_values(_types(before), _types(after)).changes,
        rows_added=tuple(added),
        rows_removed=tuple(removed),
        count=count,
        cells=tuple(cells),
        compared_rows=len(pairs),
    )


def _types(table: Table) -> dict[str, str]:
    return dict(_unique_names(table))


def _unique_names(table: Table) -> Iterator[tuple[str, str]]:
    """Give names and types of columns; a name that comes again gets its number."""
    seen: dict[str, int] = {}
    for name, kind in table.columns:
        seen[name] = seen.get(name, 0) + 1
        yield (name if seen[name] == 1 else f"{name} ({seen[name]})"), kind


_Rows = list[tuple[str, int, int]]


def _paired_rows(before: Table, after: Table) -> tuple[_Rows, list[str], list[str]]:
    old, new = before.labels(), after.labels()
    is_labelled = before.index is not None and after.index is not None
    if not is_labelled or len({*old}) < len(old) or len({*new}) < len(new):
        return [(label, at, at) for at, label in enumerate(old[: len(new)])], [], []
    places = {label: at for at, label in enumerate(new)}
    pairs = [
        (label, at, places[label]) for at, label in enumerate(old) if label in places
    ]
    if any(table.known_rows < table.shape[0] for table in (before, after)):
        # What is missing among the first rows may be further below.
        return pairs, [], []
    known = {*old}
    return (
        pairs,
        [label for label in old if label not in places],
        [label for label in new if label not in known],
    )


def _changes(before: Table, after: Table, rows: _Rows) -> Iterator[ValueChange]:
    new = dict(
        zip((name for name, _ in _unique_names(after)), after.values, strict=False)
    )
    old = zip((name for name, _ in _unique_names(before)), before.values, strict=False)
    common = [(name, values, new[name]) for name, values in old if name in new]
    for label, at, other in rows:
        for name, left, right in common:
            # As text, too: 1, 1.0 and True are three values.
            if left[at] != right[other] or type(left[at]) is not type(right[other]):
                yield ValueChange(
                    row=label, column=name, before=left[at], after=right[other]
                )
