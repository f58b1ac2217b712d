"""The corpus: what nbclient makes of a notebook the worker makes, too, field by field."""

from __future__ import annotations

import pytest

from .comparison import run_by
from .corpus import language, libraries, processes

CORPUS = language.NOTEBOOKS | processes.NOTEBOOKS | libraries.NOTEBOOKS

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", CORPUS)
def test_worker_is_as_nbclient(name, tmp_path):
    # The same name, since it may be shown.
    theirs = run_by("nbclient", CORPUS[name], tmp_path / "a" / name)
    ours = run_by("worker", CORPUS[name], tmp_path / "b" / name)
    for number, (one, other) in enumerate(
        zip(theirs["cells"], ours["cells"], strict=True)
    ):
        assert other == one, CORPUS[name][number]
    assert ours == theirs


def test_corpus_is_large():
    assert len(CORPUS) >= 40
