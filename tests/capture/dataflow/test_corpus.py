"""Each history of the corpus has the recipe it says, and the recipe makes its result."""

from __future__ import annotations

import pytest

from jupyter_mlops.capture.dataflow.cells import ExecutedCell
from jupyter_mlops.capture.dataflow.history import History
from tests.capture.dataflow import corpus
from tests.capture.dataflow.conftest import read_evidence

HISTORIES = corpus.read_all()


@pytest.fixture(params=HISTORIES)
def history(request):
    return HISTORIES[request.param]


def _recipe(history, seen):
    session = History(figures_survive=not history.is_inline)
    for place, (cell, facts) in enumerate(zip(history.cells, seen, strict=True)):
        evidence = None
        if history.has_evidence:
            evidence = read_evidence(facts)
        session.append(
            ExecutedCell(
                index=place + 1,
                source=cell.source,
                python=facts["python"],
                execution_count=facts["count"],
                failed=cell.is_failing,
                evidence=evidence,
            )
        )
    return session.recipe(len(history.cells), wanted=history.wanted)


def test_recipe_is_as_written(history, shells):
    whole = shells.run(history, range(len(history.cells)))
    recipe = _recipe(history, whole["cells"])
    reasons = "\n".join(f"{kept.cell.index}: {kept.reasons}" for kept in recipe.cells)
    assert list(recipe.indices) == history.recipe, f"{history.proves}\n{reasons}"


def test_recipe_makes_result_again(history, shells):
    if not history.is_run:
        pytest.skip("this history cannot be run here")
    whole = shells.run(history, range(len(history.cells)))
    failed = [facts["failed"] for facts in whole["cells"]]
    assert failed == [cell.is_failing for cell in history.cells]
    part = shells.run(history, [place - 1 for place in history.recipe])
    for what in ("output", "shown", "failed"):
        assert part["cells"][-1][what] == whole["cells"][-1][what]
    assert part["values"] == whole["values"]


def test_corpus_covers_every_trap():
    assert len(HISTORIES) >= 60
    assert all(history.proves for history in HISTORIES.values())
