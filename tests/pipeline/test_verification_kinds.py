"""Batch notebooks and scripts done again, and reruns that look at the workspace."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from jupyter_mlops.errors import ArtifactNotFoundError
from tests.pipeline.conftest import ROOT, write_notebook

pytestmark = pytest.mark.slow


@pytest.fixture
def run_script(workspace):
    """Run a script in a process of its own; return its last run."""

    def run_script(text, *words, name="train.py"):
        path = workspace.layout.project / name
        path.write_text(text)
        subprocess.run(
            [sys.executable, name, *words],
            cwd=path.parent,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            check=True,
            capture_output=True,
        )
        return workspace.get_run("last")

    return run_script


# --- batch notebooks ----------------------------------------------------------------


def test_notebook_is_reproduced_with_its_parameters(workspace):
    path = workspace.layout.project / "fit.ipynb"
    write_notebook(
        path,
        "%load_ext jupyter_mlops\nimport numpy as np, pandas as pd",
        "x = np.random.default_rng(seed).normal(size=4)",
        "pd.DataFrame({'x': x})",
        "%%track\ntotal = float(x.sum())\nprint(total, object())",
        parameters="seed: int\nrate = 0.5",
    )
    run = workspace.notebooks.run(path, {"seed": 7})
    found = workspace.notebooks.verify(run)
    assert (found.verdict, found.means, found.hints) == ("reproduced", "notebook", ())
    assert workspace.get_run(run).tags["mlops.verify"] == "reproduced"


def test_notebook_that_differs_names_the_cell(workspace):
    path = workspace.layout.project / "draw.ipynb"
    write_notebook(path, "import random", "print('same')", "random.random()")
    found = workspace.notebooks.verify(workspace.notebooks.run(path))
    (told,) = found.differences
    assert (found.verdict, told.kind, told.name) == ("differs", "output", "of cell 2 1")


def test_notebook_is_run_as_it_was(workspace):
    path = workspace.layout.project / "fit.ipynb"
    write_notebook(path, "x = 1", "print(x)")
    run = workspace.notebooks.run(path)
    write_notebook(path, "x = 2", "print(x)")
    assert workspace.notebooks.verify(run).verdict == "reproduced"


def test_notebook_that_fails_now_names_the_cell(workspace):
    path = workspace.layout.project / "read.ipynb"
    data = workspace.layout.project / "data.txt"
    data.write_text("3")
    write_notebook(path, "pass", "print(open('data.txt').read())")
    run = workspace.notebooks.run(path)
    data.unlink()
    found = workspace.notebooks.verify(run)
    assert found.verdict == "failed"
    assert "cell 1 of the notebook" in found.summary


def test_table_is_compared_by_value(workspace):
    path = workspace.layout.project / "table.ipynb"
    write_notebook(
        path,
        "%load_ext jupyter_mlops",
        "%%track\nimport os, pandas as pd\n"
        "step = 1e-13 * os.getpid()\npd.DataFrame({'x': [1.0000005 + step, 2.0]})",
    )
    run = workspace.notebooks.run(path)
    child = workspace.get_run(run).children[0]
    found = workspace.notebooks.verify(child.id, tolerance=1e-6, ignore=["step"])
    assert found.verdict == "reproduced"
    strict = workspace.notebooks.verify(child.id, tolerance=0.0, ignore=["step"])
    assert "column x: 1 of 2 values differ" in strict.summary


# --- scripts ---------------------------------------------------------------------------

_SCRIPT = """
import sys, pathlib, beside
import jupyter_mlops as mlops
data = pathlib.Path(__file__).with_name("data.txt")
with mlops.start_run("first") as run:
    run.log_metric("rows", len(data.read_text()))
with mlops.start_run("second") as run:
    run.log_params({"rate": float(sys.argv[1])})
    run.log_metric("score", beside.factor * float(sys.argv[1]))
"""


def test_script_is_reproduced_as_it_was_called(workspace, run_script):
    (workspace.layout.project / "data.txt").write_text("abc")
    (workspace.layout.project / "beside.py").write_text("factor = 3")
    run = run_script(_SCRIPT, "0.5")
    (workspace.layout.project / "train.py").write_text("raise SystemExit(3)")
    found = workspace.notebooks.verify(run.id)
    assert (found.verdict, found.means) == ("reproduced", "script")
    assert len(list(workspace.layout.journals.iterdir())) == 2
    (workspace.layout.project / "beside.py").write_text("factor = 4")
    assert "metric score: 1.5 then, 2 now" in workspace.notebooks.verify(run.id).summary


def test_script_that_fails_now_says_how(workspace, run_script):
    (workspace.layout.project / "data.txt").write_text("abc")
    (workspace.layout.project / "beside.py").write_text("factor = 3")
    run = run_script(_SCRIPT, "0.5")
    (workspace.layout.project / "beside.py").unlink()
    found = workspace.notebooks.verify(run.id)
    assert found.summary == (
        "failed in train.py: ModuleNotFoundError: No module named 'beside'"
    )


def test_code_without_a_file_is_refused(workspace):
    source = "import jupyter_mlops as m\nwith m.start_run('piped'): pass"
    subprocess.run(
        [sys.executable, "-c", source], cwd=workspace.layout.project, check=True
    )
    with pytest.raises(ArtifactNotFoundError, match=r"\.py file"):
        workspace.notebooks.verify("last")


# --- reruns that look at the workspace ---------------------------------------------------


def test_recipe_sees_runs_as_they_were(workspace, track):
    with workspace.start_run("base") as base:
        base.log_metric("auc", 0.5)
    run = track(
        "import jupyter_mlops as mlops\nearlier = mlops.get_run('last')",
        "%%track\ngain = 0.75 - earlier.metrics['auc']\n"
        "mlops.log_metric('known', len(mlops.runs()))",
    )
    with workspace.start_run("later") as later:
        later.log_metric("auc", 0.7)
    before = sorted(folder.name for folder in workspace.layout.journals.iterdir())
    found = workspace.notebooks.verify(run.id)
    assert (found.verdict, found.differences) == ("reproduced", ())
    after = sorted(folder.name for folder in workspace.layout.journals.iterdir())
    assert after == before


def test_recipe_sees_models_as_they_were(workspace, track):
    linear = pytest.importorskip("sklearn.linear_model")

    def push(slope):
        with workspace.start_run("fit") as run:
            model = linear.LinearRegression().fit([[0.0], [1.0]], [0.0, slope])
            run.log_object("model", model)
        version = workspace.models.push(f"runs:/{run.id}/model", "slope")
        workspace.registry.promote("slope", version.version, "champion")

    push(2.0)
    run = track(
        "import jupyter_mlops as mlops",
        "%%track\nmodel = mlops.load_model('models:/slope@champion')\n"
        "told = round(float(model.predict([[10.0]])[0]), 6)",
    )
    push(3.0)
    chain = workspace.layout.model_chain("slope").read_bytes()
    found = workspace.notebooks.verify(run.id)
    assert (run.metrics["told"], found.verdict) == (20.0, "reproduced")
    assert workspace.layout.model_chain("slope").read_bytes() == chain


def test_what_a_rerun_records_stays_apart(workspace, track):
    with workspace.start_run("base"):
        pass
    run = track(
        "import jupyter_mlops as mlops\nbase = mlops.get_run('last')",
        "%%track\nbase.set_tag('seen', 'yes')\nx = 1.5",
    )
    journals = {
        path: path.read_bytes() for path in workspace.layout.journals.rglob("*.jsonl")
    }
    assert workspace.notebooks.verify(run.id).verdict == "reproduced"
    fresh = set(workspace.layout.journals.rglob("*.jsonl")) - journals.keys()
    assert {path.parent.name for path in fresh} == {run.id}
    assert all(path.read_bytes() == data for path, data in journals.items())
