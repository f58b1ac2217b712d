"""What may have changed between two of anything: named values and lines of text.

Knows nothing of runs.
"""

from __future__ import annotations

import difflib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

How = Literal["added", "removed", "changed", "unknown"]
"""``unknown``: too little is recorded to tell."""

CONTEXT = 2
"""Equal lines shown around a changed one."""
_MOST_LINES = 5000
_MOST_LETTERS = 300_000

_Item_co = TypeVar("_Item_co", covariant=True)
_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A named value that is not the same in both.

    Attributes
    ----------
    before, after : JSON value
        None where it is missing: `how` tells a missing one from a kept None.
    """

    name: str
    how: How
    before: Any = None
    after: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part(Generic[_Item_co]):
    """One part of a comparison.

    Attributes
    ----------
    changes : tuple
        What is not the same.
    equal : int
        How many are the same in both.
    """

    changes: tuple[_Item_co, ...] = ()
    equal: int = 0


def compare_values(before: Mapping[str, Any], after: Mapping[str, Any]) -> Part[Change]:
    """Compare JSON values by name; 1, 1.0 and True are three values, NaN is one."""
    changes = tuple(
        Change(name=name, how=how, before=before.get(name), after=after.get(name))
        for name, how, _, _ in unequal(written(before), written(after))
    )
    return Part(changes=changes, equal=count_equal(before, after, changes))


def written(values: Mapping[str, Any]) -> dict[str, str]:
    """Write each value as JSON, so that values compare as their types, too."""
    return {name: json.dumps(item, sort_keys=True) for name, item in values.items()}


def unequal(
    before: Mapping[str, _Value], after: Mapping[str, _Value]
) -> Iterator[tuple[str, How, _Value | None, _Value | None]]:
    """Give name, how, and both values of each that is not the same, by name."""
    for name in sorted({*before, *after}):
        if name not in before:
            yield name, "added", None, after[name]
        elif name not in after:
            yield name, "removed", before[name], None
        elif before[name] != after[name]:
            yield name, "changed", before[name], after[name]


def count_equal(
    before: Mapping[Any, Any], after: Mapping[Any, Any], changes: tuple[Any, ...]
) -> int:
    """Count the names that both have and that are in no change."""
    return len({*before, *after}) - len(changes)


def line_changes(before: str, after: str) -> tuple[str, ...]:
    """Return a unified diff without its heading; empty for texts beyond all reading.

    difflib is what there is to use: for a plain source nbdime shows the same lines.
    Which cell became which it finds worse than `codediff.pair_cells`, since it takes
    a cell that moved for another one (``tests/bench/test_diff_bench.py``).
    """
    if max(len(before), len(after)) > _MOST_LETTERS:
        return ()
    old, new = before.splitlines(), after.splitlines()
    if max(len(old), len(new)) > _MOST_LINES:
        return ()
    lines = difflib.unified_diff(old, new, n=CONTEXT, lineterm="")
    return tuple(lines)[2:]
