"""scikit-learn's examples as notebooks: the worker shows what nbclient shows."""

from __future__ import annotations

import pytest

from tests.capture.dataflow.gallery import (
    GalleryMissingError,
    fetch_gallery,
    runs_offline,
    split_cells,
)

from .comparison import run_by

PARTS = 80
_SECONDS = 90
_TOO_LONG = "CellTimeoutError"


@pytest.fixture(scope="module")
def scripts(request):
    """The examples that run offline, as cells."""
    try:
        found = fetch_gallery(request.config.cache.mkdir("sklearn-gallery"))
    except (GalleryMissingError, OSError) as error:
        pytest.skip(f"scikit-learn's source package cannot be had: {error}")
    texts = {path.stem: path.read_text() for path in found}
    return {
        name: split_cells(text) for name, text in texts.items() if runs_offline(text)
    }


@pytest.mark.timeout(3600)
@pytest.mark.parametrize(
    "part",
    [
        pytest.param(part, marks=pytest.mark.patient if part else pytest.mark.slow)
        for part in range(PARTS)
    ],
)
def test_worker_shows_examples_alike(scripts, part, tmp_path, capsys):
    told = {
        name: unlike_cells(scripts[name], tmp_path / name)
        for name in sorted(scripts)[part::PARTS]
    }
    ran = {name: found for name, found in told.items() if found is not None}
    with capsys.disabled():
        passing = {name: found[1] for name, found in ran.items() if found[1]}
        left = sorted(set(told) - set(ran))
        print(f"\n    {len(ran)} examples alike but {passing}; too long: {left}")
    assert {name: found[0] for name, found in ran.items() if found[0]} == {}


def unlike_cells(cells, folder):
    """Run an example both ways.

    Returns
    -------
    tuple or None
        The cells that differ, with both; and places that nbclient does not show twice
        alike. None when it takes too long here.
    """
    theirs = run_by("nbclient", cells, folder / "a" / "x", timeout=_SECONDS)
    if _is_too_long(theirs):
        return None
    ours = run_by("worker", cells, folder / "b" / "x", timeout=_SECONDS)
    if _is_too_long(ours):
        return None
    places = _unlike(theirs, ours)
    if not places:
        return [], []
    again = run_by("nbclient", cells, folder / "c" / "x", timeout=_SECONDS)
    passing = _unlike(theirs, again)
    return (
        [
            (place, theirs["cells"][place], ours["cells"][place])
            for place in places
            if place not in passing
        ],
        passing,
    )


def _is_too_long(result):
    return any(error and error[0] == _TOO_LONG for *_, error, _ in result["outcomes"])


def _unlike(one, other):
    pairs = zip(one["cells"], other["cells"], strict=True)
    return [place for place, (a, b) in enumerate(pairs) if a != b]
