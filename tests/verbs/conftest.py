"""Runs to look at, and a way to use a verb as the command line does."""

from __future__ import annotations

import json
import math
from types import SimpleNamespace

import pytest

from jupyter_mlops.cli import main


@pytest.fixture
def mlops(capsys, monkeypatch):
    """Run a verb in this process; return its exit code and what it printed."""
    monkeypatch.setenv("COLUMNS", "150")
    # A busy machine makes every run a long one, of which something would be said.
    monkeypatch.setattr("jupyter_mlops.verbs.liveview._LONG_SECONDS", math.inf)

    def run(*words):
        code = main([str(word) for word in words])
        said = capsys.readouterr()
        return SimpleNamespace(code=code, out=said.out, err=said.err)

    return run


@pytest.fixture
def mlops_json(mlops):
    """Run a verb with ``--json``, and return what it answered."""

    def run(*words):
        found = mlops(*words, "--json")
        assert (found.code, found.err) == (0, "")
        return json.loads(found.out, parse_constant=pytest.fail)

    return run


@pytest.fixture
def fits(workspace):
    """Three runs of one experiment and one of another."""
    ids = {}
    for C, auc, loss in ((0.1, 0.7, 0.9), (1.0, 0.912345678, 0.4), (10, 0.8, 0.2)):
        with workspace.start_run(f"C={C}", experiment="fits") as run:
            run.log_params({"C": C, "kernel": "rbf", "seed": 1})
            run.log_metric("auc", auc / 2)
            run.log_metric("auc", auc)
            run.log_metric("val_loss", loss)
            ids[C] = run.id
    with workspace.start_run("other", experiment="else") as run:
        run.log_metric("speed", float("nan"))
    return ids
