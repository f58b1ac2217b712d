"""Which cell of one run is which of another."""

from __future__ import annotations

from jupyter_mlops.tracking import codediff
from jupyter_mlops.tracking.codediff import SourceCell


def cells(*pairs):
    return [
        SourceCell(position=at, cell_id=cell_id, source=source)
        for at, (cell_id, source) in enumerate(pairs)
    ]


def positions(pairs):
    return [(a and a.position, b and b.position) for a, b in pairs]


def test_cells_pair_by_id_first():
    before = cells(("a", "x = 1"), ("b", "y = 2"))
    after = cells(("b", "x = 1"), ("a", "completely different"))
    assert positions(codediff.pair_cells(before, after)) == [(0, 1), (1, 0)]


def test_cells_without_ids_pair_by_likeness():
    fit = "model = fit(X, y, depth=3)\nscore = model.score(X, y)"
    before = cells((None, "import os"), (None, fit), (None, "plot(score)"))
    after = cells(
        (None, fit.replace("3", "5")), (None, "import os"), (None, "99 ** 42")
    )
    pairs = codediff.pair_cells(before, after)
    assert positions(pairs) == [(0, 1), (None, 2), (1, 0), (2, None)]


def test_repeated_executions_pair_in_order():
    before = cells(("a", "n += 1"), ("a", "n += 2"))
    after = cells(("a", "n += 1"), ("a", "n += 2"), ("a", "n += 3"))
    pairs = codediff.pair_cells(before, after)
    assert positions(pairs) == [(0, 0), (1, 1), (None, 2)]
