"""What stamp, usage and a look at git add to each tracked cell, in process."""

import json
import statistics
import time

import pytest

from jupyter_mlops.capture import gitwatch
from jupyter_mlops.capture.gitwatch import watch_of
from jupyter_mlops.capture.notebook import notebook_path
from jupyter_mlops.capture.usage import UsageWatch
from jupyter_mlops.tracking.session import KernelSession, RanCell
from jupyter_mlops.tracking.stamps import stamp_cell

pytestmark = [pytest.mark.bench, pytest.mark.timeout(120)]
TIMES = 300


@pytest.fixture
def session(tmp_path, monkeypatch):
    """Fifty cells that build on one another, in a saved notebook."""
    path = tmp_path / "churn.ipynb"
    monkeypatch.setenv("JPY_SESSION_NAME", str(path))
    sources = ["x = 0", *(f"x = x + {n}" for n in range(49))]
    told = [
        {"cell_type": "code", "id": f"c{n}", "source": s} for n, s in enumerate(sources)
    ]
    path.write_text(json.dumps({"cells": told, "nbformat": 4}))
    ran = [RanCell(s, s, f"c{n}", n, ended=float(n)) for n, s in enumerate(sources)]
    return KernelSession({}, ran)


def test_stamp_usage_and_git_around_a_cell(
    session, repository, git, monkeypatch, base, said
):
    for number in range(20):
        (repository / f"{number}.py").write_text("")
    git(repository, "add", ".")
    # A file that was just written is not trusted yet.
    monkeypatch.setattr(gitwatch, "_TICK", 0)
    watch = watch_of(repository)
    watch.look()
    recipe = session.recipe(set())
    took = []
    for _ in range(TIMES):
        began = time.perf_counter()
        notebook = notebook_path({}, "c49")
        UsageWatch().start().stop()
        stamp = stamp_cell(recipe, session.cells, notebook)
        known = watch.known()
        took.append(time.perf_counter() - began)
    assert stamp.line == "ran in document order, cells as they stand, nothing unseeded"
    assert known is not None
    more = statistics.median(took)
    said(f"stamp, usage, git: {more * 1e3:.2f} ms a cell, {more / base:.3f} x base")
    # 0.5 ms where base takes 15.
    assert more <= base / 30
