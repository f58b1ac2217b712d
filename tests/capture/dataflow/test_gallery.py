"""scikit-learn's examples as notebooks: recipes of their last cells make the same."""

from __future__ import annotations

import re

import pytest

from jupyter_mlops.capture.dataflow.cells import ExecutedCell
from jupyter_mlops.capture.dataflow.history import History
from tests.capture.dataflow.conftest import read_evidence
from tests.capture.dataflow.gallery import (
    GalleryMissingError,
    fetch_gallery,
    runs_offline,
    split_cells,
)

PARTS = 48
_SECONDS = 40
_TARGETS = 2
_PASSING = re.compile(r"\b\d+\.?\d*(?:e[+-]?\d+)? ?(?:s|ms|sec|seconds?)\b|0x\w+")


@pytest.fixture(scope="module")
def scripts(request):
    """The examples that run offline and have several cells."""
    try:
        found = fetch_gallery(request.config.cache.mkdir("sklearn-gallery"))
    except (GalleryMissingError, OSError) as error:
        pytest.skip(f"scikit-learn's source package cannot be had: {error}")
    texts = {path.stem: path.read_text() for path in found}
    cells = {
        name: split_cells(text) for name, text in texts.items() if runs_offline(text)
    }
    return {name: parts for name, parts in cells.items() if len(parts) > 2}


@pytest.mark.timeout(1800)
@pytest.mark.parametrize(
    "part",
    [
        pytest.param(part, marks=pytest.mark.patient if part else pytest.mark.slow)
        for part in range(PARTS)
    ],
)
def test_recipes_of_examples_make_the_same(scripts, shells, part, said_at_end):
    told = said_at_end
    for name in sorted(scripts)[part::PARTS]:
        tried = try_example(shells, scripts[name])
        if tried is not None:
            told.append((name, *tried))
    wrong = {name: unlike for name, unlike, *_ in told if unlike}
    assert wrong == {}


def try_example(shells, cells):
    """Run an example whole, then the recipes of its last cells that show something.

    Returns
    -------
    tuple or None
        The cells whose recipes make something else, how many were tried, how many
        cells their recipes keep, and of how many. None when it does not run here.
    """
    whole = shells.run_cells(cells, [], _SECONDS)
    if whole is None or any(cell["failed"] for cell in whole["cells"]):
        return None
    again = shells.run_cells(cells, [], _SECONDS)
    unlike, tried, kept, of = [], 0, 0, 0
    for target in _targets(whole["cells"]):
        facts = whole["cells"][target]
        if again is None or _shown(again["cells"][target]) != _shown(facts):
            # It says something else each time.
            continue
        places = _recipe(cells, whole["cells"], target)
        rerun = shells.run_cells([cells[place] for place in places], [], _SECONDS)
        if rerun is None:
            continue
        tried, kept, of = tried + 1, kept + len(places), of + target + 1
        if _shown(rerun["cells"][-1]) != _shown(facts):
            unlike.append((target, places))
    return unlike, tried, kept, of


def _targets(facts):
    showing = [
        place
        for place, cell in enumerate(facts)
        if cell["output"].strip() or cell["shown"]
    ]
    return showing[-_TARGETS:]


def _shown(facts):
    return _PASSING.sub("#", facts["output"]), facts["shown"], facts["failed"]


def _recipe(cells, seen, target):
    history = History()
    for place, facts in enumerate(seen[: target + 1]):
        history.append(
            ExecutedCell(
                index=place,
                source=cells[place],
                python=facts["python"],
                execution_count=facts["count"],
                failed=facts["failed"],
                evidence=read_evidence(facts),
            )
        )
    return history.recipe(target).indices


@pytest.fixture
def said_at_end(capsys):
    """Take what was tried, and print the figures."""
    told = []
    yield told
    tried = sum(item[2] for item in told)
    unlike = sum(len(item[1]) for item in told)
    kept, of = (sum(item[place] for item in told) for place in (3, 4))
    with capsys.disabled():
        print(
            f"\n    {len(told)} examples ran, {tried} recipes, {unlike} unlike, "
            f"{kept} of {of} cells kept"
        )
