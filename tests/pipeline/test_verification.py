"""Recipes of cells tracked in a real shell, run again in real kernels."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest

from jupyter_mlops.cli import main
from jupyter_mlops.errors import ArtifactNotFoundError, NotebookError


@pytest.fixture
def mlops(capsys):
    """Run a verb in this process; return its exit code and what it printed."""

    def run(*words):
        capsys.readouterr()
        code = main([str(word) for word in words])
        return SimpleNamespace(code=code, out=capsys.readouterr().out)

    return run


@pytest.mark.slow
def test_seeded_fit_is_reproduced(track, workspace):
    pytest.importorskip("sklearn")
    run = track(
        "import numpy as np\nfrom sklearn.linear_model import LogisticRegression",
        "rng = np.random.default_rng(7)\nX = rng.normal(size=(60, 3))\ny = X[:, 0] > 0",
        "%%track fit -s model -s coef\nC = 0.5\nmodel = LogisticRegression(C=C)\n"
        "model.fit(X, y)\naccuracy = model.score(X, y)\ncoef = model.coef_\n"
        "print(accuracy, object())\nmodel",
    )
    before = len(list(workspace.layout.journals.iterdir()))
    found = workspace.notebooks.verify(run.id)
    assert (found.verdict, found.differences, found.failure) == ("reproduced", (), None)
    kept = workspace.get_run(run.id)
    assert kept.tags["mlops.verify"] == "reproduced"
    assert json.loads(kept.artifact("verification.json").read_text())["hints"] == []
    assert len(list(workspace.layout.journals.iterdir())) == before
    assert (kept.status, kept.record.ended) == (run.status, run.record.ended)


@pytest.mark.slow
def test_unseeded_draw_differs_by_how_much(track, workspace, mlops):
    run = track("import random", "%%track\ndrawn = random.random()\nfixed = 1.5")
    said = mlops("verify", run.id, "--json")
    found = json.loads(said.out)
    (told,) = found["differences"]
    assert (said.code, found["verdict"], told["name"]) == (1, "differs", "drawn")
    assert told["recorded"] == run.metrics["drawn"]
    assert f"by {told['rerun'] - told['recorded']:+.3g}" in told["change"]
    assert "verified     differs in metric drawn" in mlops("show", run.id).out
    ignoring = mlops("verify", run.id, "--ignore", "drawn")
    assert (ignoring.code, ignoring.out.split()[0]) == (0, "reproduced")
    assert workspace.get_run(run.id).tags["mlops.verify"] == "reproduced"


def test_missing_data_names_the_cell(track, workspace, mlops):
    data = workspace.layout.project / "data.csv"
    data.write_text("3\n")
    run = track(
        "idle = 1",
        "import pathlib\nrows = pathlib.Path('data.csv').read_text().split()",
        "%%track\ncount = len(rows)",
    )
    data.unlink()
    said = mlops("verify", run.id)
    assert said.code == 1
    assert "'import pathlib': FileNotFoundError" in said.out
    assert "(In [2])" in said.out
    assert "failed" in mlops("show", run.id).out


def test_same_failure_is_reproduced(track, workspace):
    run = track("%%track\nreached = 1.5\nraise ValueError('expected')")
    assert workspace.notebooks.verify(run.id).verdict == "reproduced"


@pytest.mark.slow
def test_recipe_goes_on_after_a_cell_that_failed(track, workspace):
    run = track(
        "rows = [1]\nrows.append(2)\nraise ValueError('half-way')",
        "%%track\ncount = float(len(rows))",
    )
    assert workspace.notebooks.verify(run.id).verdict == "reproduced"


@pytest.mark.slow
def test_masked_secret_is_told(track, workspace):
    run = track("password = 'correct-horse-42'", "%%track\nsize = len(password)")
    found = workspace.notebooks.verify(run.id)
    assert found.verdict == "differs"
    assert "masked secret" in found.hints[0]


@pytest.mark.slow
def test_rerun_stays_out_of_the_team_index(track, workspace, monkeypatch):
    run = track("%%track\nx = 1 + 1.5")
    monkeypatch.setenv("JUPYTER_MLOPS_INDEX_URL", "postgresql://nobody@nowhere/none")
    monkeypatch.setenv("JUPYTER_MLOPS_BLOBS_URL", "memory://elsewhere")
    assert workspace.notebooks.verify(run.id).verdict == "reproduced"


def test_run_without_recipe_is_refused(workspace):
    with workspace.start_run("script"):
        pass
    with pytest.raises(ArtifactNotFoundError, match="%%track above"):
        workspace.notebooks.verify("last")


def test_unfinished_run_is_refused(workspace):
    with workspace.start_run("open") as run:
        run.log_object("recipe.ipynb", "{}")
        with pytest.raises(NotebookError, match="is running"):
            workspace.notebooks.verify(run.id)
