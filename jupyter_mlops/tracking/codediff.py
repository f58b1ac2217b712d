"""Code of two runs: which cell became which, and the lines that changed."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jupyter_mlops.tracking.changes import How, Part, line_changes

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from jupyter_mlops.records import CellRecord

_ALIKE = 0.5
"""From here on two sources are one cell that was edited."""
_WORD = re.compile(r"\w+")
_PAIRS = 10_000
_LINES_BY_US = {"mlops-load", "mlops-parameters"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceCell:
    """A cell's source, and what it is known by."""

    position: int
    source: str
    cell_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CellChange:
    """A cell that is not the same in both runs.

    Attributes
    ----------
    before, after : int or None
        Its position in each run; None where it is missing.
    cell_id : str or None
    lines : tuple of str
        A unified diff; the whole source of a cell that only one has.
    """

    how: How
    before: int | None
    after: int | None
    cell_id: str | None
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CodePart(Part[CellChange]):
    """The cells that changed.

    Attributes
    ----------
    is_reordered : bool
        Cells that both have ran in another order.
    """

    is_reordered: bool = False


Pair = tuple[SourceCell | None, SourceCell | None]


def source_cells(cells: Iterable[CellRecord]) -> list[SourceCell]:
    """Take the sources out of a run's cells."""
    return [
        SourceCell(position=item.position, source=item.source, cell_id=item.cell_id)
        for item in cells
    ]


def recipe_cells(data: bytes) -> list[SourceCell]:
    """Read the cells that ran before a recipe's own.

    Raises
    ------
    ValueError, KeyError, TypeError
        When it is no notebook.
    """
    cells = [
        item
        for item in json.loads(data)["cells"]
        if item["cell_type"] == "code" and item.get("id") not in _LINES_BY_US
    ]
    return [
        SourceCell(position=at, source="".join(item["source"]), cell_id=_own_id(item))
        for at, item in enumerate(cells[:-1])
    ]


def _own_id(cell: dict[str, Any]) -> str | None:
    """Return the id in the user's notebook; the recipe's own only numbers cells."""
    found = cell.get("metadata", {}).get("jupyter_mlops", {}).get("cell_id")
    return found if isinstance(found, str) else None


def compare_code(pairs: Sequence[Pair]) -> CodePart:
    """Say what changed in each pair."""
    found = [_change(*pair) for pair in pairs]
    changes = tuple(item for item in found if item is not None)
    order = [right.position for left, right in pairs if left and right]
    return CodePart(
        changes=changes,
        equal=len(found) - len(changes),
        is_reordered=order != sorted(order),
    )


def _change(left: SourceCell | None, right: SourceCell | None) -> CellChange | None:
    old, new = (left.source if left else ""), (right.source if right else "")
    if left and right and old == new:
        return None
    known = right or left
    assert known is not None, "a pair holds at least one cell"
    return CellChange(
        how="changed" if left and right else "removed" if left else "added",
        before=left.position if left else None,
        after=right.position if right else None,
        cell_id=known.cell_id,
        lines=line_changes(old, new),
    )


def pair_cells(before: Sequence[SourceCell], after: Sequence[SourceCell]) -> list[Pair]:
    """Find which cell of one run is which of the other.

    First by cell id, then by equal source, then by likeness, best first. Of several
    executions of one cell the first goes with the first.

    Returns
    -------
    list of pairs
        By position; None stands for a cell that only the other run has.
    """
    partners: dict[int, SourceCell] = {}
    taken: set[int] = set()
    for keys in (_ids, _sources):
        waiting: dict[str, list[int]] = {}
        for at, key in enumerate(keys(after)):
            if at not in taken and key:
                waiting.setdefault(key, []).append(at)
        for at, key in enumerate(keys(before)):
            if at not in partners and waiting.get(key):
                other = waiting[key].pop(0)
                partners[at] = after[other]
                taken.add(other)
    for at, other in _alike(before, after, partners, taken):
        partners[at] = after[other]
        taken.add(other)
    return _in_order(before, after, partners, taken)


def _ids(cells: Sequence[SourceCell]) -> list[str]:
    return [cell.cell_id or "" for cell in cells]


def _sources(cells: Sequence[SourceCell]) -> list[str]:
    return [cell.source for cell in cells]


def _alike(
    before: Sequence[SourceCell],
    after: Sequence[SourceCell],
    partners: dict[int, SourceCell],
    taken: set[int],
) -> Iterable[tuple[int, int]]:
    left = [at for at in range(len(before)) if at not in partners]
    right = [at for at in range(len(after)) if at not in taken]
    if len(left) * len(right) > _PAIRS:
        # Beyond this the search would be felt; likeness is a guess anyway.
        return []
    old = {at: _words(before[at].source) for at in left}
    new = {at: _words(after[at].source) for at in right}
    rated = sorted(
        (-likeness, at, other)
        for at in left
        for other in right
        if (likeness := _likeness(old[at], new[other])) >= _ALIKE
    )
    found: dict[int, int] = {}
    used: set[int] = set()
    for _, at, other in rated:
        if at not in found and other not in used:
            found[at] = other
            used.add(other)
    return found.items()


def _words(source: str) -> Counter[str]:
    return Counter(_WORD.findall(source))


def _likeness(left: Counter[str], right: Counter[str]) -> float:
    """Return the share of words that two sources have in common, from 0 to 1."""
    total = left.total() + right.total()
    return 2 * (left & right).total() / total if total else 0.0


def _in_order(
    before: Sequence[SourceCell],
    after: Sequence[SourceCell],
    partners: dict[int, SourceCell],
    taken: set[int],
) -> list[Pair]:
    pairs: list[Pair] = [(cell, partners.get(at)) for at, cell in enumerate(before)]
    # A new cell stands behind the one that it follows in its own run.
    for at, cell in enumerate(after):
        if at in taken:
            continue
        previous = after[at - 1] if at else None
        place = next((n for n, pair in enumerate(pairs) if pair[1] is previous), -1)
        pairs.insert(place + 1 if previous else 0, (None, cell))
    return pairs
