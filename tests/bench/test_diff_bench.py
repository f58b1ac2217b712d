"""Which cell of one run is which of another: ours beside nbdime's.

Runs hold executions, which come in any order: a cell that moved is still that cell.
nbdime compares documents from top to bottom, so to it a cell that moved is one that
went and another that came.
"""

from __future__ import annotations

import random

import pytest

from jupyter_mlops.tracking.codediff import SourceCell, pair_cells
from tests.bench.conftest import seconds

pytestmark = [pytest.mark.bench, pytest.mark.timeout(300)]
WORDS = (
    "df model fit score predict plot load train test split mean groupby merge C".split()
)
HISTORIES = 20


def make_cell(chance):
    return "\n".join(
        f"{chance.choice(WORDS)}_{chance.randint(0, 9)} = "
        f"{chance.choice(WORDS)}({chance.choice(WORDS)}, {chance.randint(0, 99)})"
        for _ in range(chance.randint(1, 8))
    )


def edited(chance, source):
    lines = source.split("\n")
    lines[chance.randrange(len(lines))] = make_cell(chance).split("\n")[0]
    return "\n".join(lines)


def make_history(seed):
    """40 cells by name, and what six edits made of them."""
    chance = random.Random(seed)
    before = [(name, make_cell(chance)) for name in range(40)]
    after = list(before)
    for edit in range(6):
        at = chance.randrange(len(after))
        match chance.choice("edit move insert delete".split()):
            case "edit":
                after[at] = (after[at][0], edited(chance, after[at][1]))
            case "move":
                after.insert(chance.randrange(len(after)), after.pop(at))
            case "insert":
                after.insert(at, (100 + edit, make_cell(chance)))
            case "delete":
                after.pop(at)
    return before, after


def same(before, after):
    """Say which places hold the same cell."""
    return {
        (at, other)
        for at, (name, _) in enumerate(before)
        for other, (again, _) in enumerate(after)
        if name == again
    }


def found_by_us(before, after):
    sides = [
        [SourceCell(position=at, source=source) for at, (_, source) in enumerate(side)]
        for side in (before, after)
    ]
    return {(a.position, b.position) for a, b in pair_cells(*sides) if a and b}


def found_by_nbdime(before, after):
    from nbdime.diffing.notebooks import diff_notebooks
    from nbformat.v4 import new_code_cell, new_notebook

    books = [
        new_notebook(cells=[new_code_cell(source) for _, source in side])
        for side in (before, after)
    ]
    for book in books:
        book.nbformat_minor = 4
        for cell in book.cells:
            cell.pop("id", None)
    changes = next((e.diff for e in diff_notebooks(*books) if e.key == "cells"), [])
    pairs, at, other = set(), 0, 0
    for change in [*changes, None]:
        stop = len(before) if change is None else change.key
        pairs |= set(zip(range(at, stop), range(other, other + stop - at), strict=True))
        at, other = stop, other + stop - at
        if change is None:
            break
        if change.op == "addrange":
            other += len(change.valuelist)
        elif change.op == "removerange":
            at += change.length
        else:
            pairs.add((at, other))
            at, other = at + 1, other + 1
    return pairs


def test_cells_found_again_beside_nbdime(said):
    pytest.importorskip("nbdime", reason="pip install -e '.[peers]'")
    histories = [make_history(seed) for seed in range(HISTORIES)]
    found_by_nbdime(*histories[0])
    right = {found_by_us: 0, found_by_nbdime: 0}
    spent = {
        find: seconds(
            lambda find=find: right.__setitem__(
                find, sum(len(find(*pair) & same(*pair)) for pair in histories)
            )
        )
        for find in right
    }
    true = sum(len(same(*pair)) for pair in histories)
    ours, theirs = right[found_by_us] / true, right[found_by_nbdime] / true
    said(
        f"cells found again: {ours:.1%}, nbdime {theirs:.1%}; "
        f"{spent[found_by_us] / spent[found_by_nbdime]:.3f} x its time"
    )
    assert ours >= theirs
    assert spent[found_by_us] < spent[found_by_nbdime]
