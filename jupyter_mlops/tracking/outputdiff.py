"""What two executions of a cell showed: tables by value, pictures by pixel, text."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from jupyter_mlops.tracking.changes import How, Part, line_changes
from jupyter_mlops.tracking.displayed import shown_frames
from jupyter_mlops.tracking.htmltables import read_table
from jupyter_mlops.tracking.imagediff import MIMES, ImageChange, compare_images
from jupyter_mlops.tracking.outputvalues import (
    HTML,
    WIDGET,
    is_lines,
    output_values,
    value_bytes,
    value_digest,
    value_text,
    without_passing,
)
from jupyter_mlops.tracking.tablediff import Table, TableChange, compare_tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from jupyter_mlops.records import CellRecord
    from jupyter_mlops.tracking.outputvalues import GetBytes
    from jupyter_mlops.tracking.recorded import RecordedRun

Tables = dict[tuple[int, int], Table]
"""By cell and output."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputChange:
    """An output that is not the same in both runs.

    Attributes
    ----------
    cell_before, cell_after : int
        Positions of the cells that showed it.
    output_before, output_after : int or None
        Which of the cell's outputs, from 0; None where it is missing.
    lines : tuple of str
        Unified diff of its text; empty when that is not what differs.
    before, after : dict
        sha256 of the value of each MIME type that differs.
    table : TableChange or None
        What differs by value, when both showed a table.
    image : ImageChange or None
        How much differs, when both showed a picture.
    """

    how: How
    cell_before: int
    cell_after: int
    output_before: int | None
    output_after: int | None
    lines: tuple[str, ...] = ()
    before: dict[str, str] = field(default_factory=dict)
    after: dict[str, str] = field(default_factory=dict)
    table: TableChange | None = None
    image: ImageChange | None = None


def run_tables(run: RecordedRun, get: GetBytes) -> Tables:
    """Return the tables that a run showed, of which data was kept."""
    return {
        (item.cell, item.output): Table(
            shape=item.shape,
            columns=item.columns,
            values=item.values,
            index=item.index,
        )
        for item in shown_frames(run.observations, get)
    }


def compare_outputs(
    pairs: Iterable[tuple[CellRecord, CellRecord]],
    get: GetBytes,
    tables: tuple[Tables, Tables] | None = None,
) -> Part[OutputChange]:
    """Compare the outputs of each pair of cells, in the order in which they came.

    Addresses of objects in texts, which no two processes share, are passed over.

    Parameters
    ----------
    tables : pair of dict, optional
        Of both runs, as `run_tables` returns them.
    """
    old_tables, new_tables = tables or ({}, {})
    changes: list[OutputChange] = []
    equal = 0
    for left, right in pairs:
        before, after = output_values(left.outputs), output_values(right.outputs)
        for old, new in _aligned(before, after):
            found = _Pair(
                {} if old is None else before[old],
                {} if new is None else after[new],
                get,
                old_tables.get((left.position, -1 if old is None else old)),
                new_tables.get((right.position, -1 if new is None else new)),
            ).changes()
            if found is None:
                equal += 1
                continue
            how: How = (
                "added" if old is None else "removed" if new is None else "changed"
            )
            changes.append(
                OutputChange(
                    how=how,
                    cell_before=left.position,
                    cell_after=right.position,
                    output_before=old,
                    output_after=new,
                    **found,
                )
            )
    return Part(changes=tuple(changes), equal=equal)


def _aligned(
    before: Sequence[dict[str, Any]], after: Sequence[dict[str, Any]]
) -> Iterator[tuple[int | None, int | None]]:
    """Pair outputs of one kind, in order: one more in between shifts no others."""
    matcher = difflib.SequenceMatcher(
        a=[tuple(sorted(item)) for item in before],
        b=[tuple(sorted(item)) for item in after],
        autojunk=False,
    )
    for _, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        left, right = range(old_from, old_to), range(new_from, new_to)
        for old, new in zip_longest(left, right):
            if old is None or new is None or before[old].keys() & after[new].keys():
                yield old, new
            else:
                yield old, None
                yield None, new


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two outputs, by MIME type; an empty one is missing."""

    old: Mapping[str, Any]
    new: Mapping[str, Any]
    get: GetBytes
    old_table: Table | None
    new_table: Table | None

    def changes(self) -> dict[str, Any] | None:
        """Return what differs, as fields of an `OutputChange`; None when nothing."""
        sides = [
            {name: value_digest(value, name) for name, value in side.items()}
            for side in (self.old, self.new)
        ]
        names = {*self.old, *self.new}
        differing = {name for name in names if sides[0].get(name) != sides[1].get(name)}
        if self.old and self.new:
            differing.discard(WIDGET)
        lines = self._lines(differing)
        image = self._image(differing)
        table = self._table() if differing & {HTML, "text/plain"} else None
        if not differing:
            return None
        before, after = (
            {name: side[name] for name in sorted(differing) if name in side}
            for side in sides
        )
        return {
            "lines": lines,
            "before": before,
            "after": after,
            "table": table,
            "image": image,
        }

    def _lines(self, differing: set[str]) -> tuple[str, ...]:
        """Compare texts, and forget those that are alike but for what passes."""
        lines: tuple[str, ...] = ()
        for name in sorted(differing):
            if name != HTML and not is_lines(name):
                continue
            old, new = (
                value_text(side.get(name), self.get) for side in (self.old, self.new)
            )
            if old is None or new is None:
                continue
            old, new = without_passing(old), without_passing(new)
            if old == new and name in self.old and name in self.new:
                differing.discard(name)
            elif name != HTML and not lines:
                lines = line_changes(old, new)
        return lines

    def _image(self, differing: set[str]) -> ImageChange | None:
        for name in MIMES:
            if name not in differing or name not in self.old or name not in self.new:
                continue
            old, new = (
                value_bytes(side[name], self.get) for side in (self.old, self.new)
            )
            found = compare_images(old, new) if old and new else None
            if found is not None and found.is_equal:
                # Another program wrote the same pixels.
                differing.discard(name)
                continue
            return found
        return None

    def _table(self) -> TableChange | None:
        old = self.old_table or self._read_table(self.old)
        new = self.new_table or self._read_table(self.new)
        return None if old is None or new is None else compare_tables(old, new)

    def _read_table(self, side: Mapping[str, Any]) -> Table | None:
        html = value_text(side[HTML], self.get) if HTML in side else None
        return None if html is None else read_table(html)
