"""``run``: one real notebook, and what is refused."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def train(workspace, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    node = nbformat.v4.new_notebook()
    tagged = nbformat.v4.new_code_cell("C = 1.0  # strength\nkind: str")
    tagged.metadata.tags = ["parameters"]
    fit = nbformat.v4.new_code_cell(
        "import jupyter_mlops as mlops\nmlops.log_metric('auc', C)\n"
        "assert kind != 'bad'"
    )
    node.cells = [tagged, fit]
    nbformat.write(node, "train.ipynb")


@pytest.mark.usefixtures("train")
def test_notebook_runs_with_parameters(mlops, mlops_json):
    given = ["-p", "C", "-0.5", "-p", "kind=a=b"]
    found = mlops_json("run", "train.ipynb", *given, "-o", "out.ipynb")
    assert found["params"] == {"C": -0.5, "kind": "a=b"}
    assert (found["metrics"], found["cells"]) == ({"auc": -0.5}, 3)
    assert Path("out.ipynb").exists()


@pytest.mark.usefixtures("train")
def test_failing_cell_is_one_message(mlops):
    found = mlops("run", "train.ipynb", "-p", "kind", "bad", "-e", "mine")
    assert (found.code, found.out) == (1, "")
    assert "failed in cell 2" in found.err
    assert "AssertionError" in found.err
    assert "Traceback (most recent call last):\n  File" not in found.err
    assert "failed" in mlops("runs", "-e", "mine").out


@pytest.mark.usefixtures("train")
def test_parameters_can_be_listed(mlops, mlops_json):
    out = mlops("run", "train.ipynb", "--help-parameters").out
    assert "strength" in out
    assert "(required)" in out
    found = mlops_json("run", "train.ipynb", "--help-parameters")
    assert [item["name"] for item in found] == ["C", "kind"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["tarin.ipynb"], 1, "train.ipynb"),
        (["train.ipynb", "-p", "kidn", "a"], 1, "'kind'"),
        (["train.ipynb", "-p", "kind", "a", "-p", "C", "x"], 1, "a number"),
        (["train.ipynb"], 1, "-p kind VALUE"),
        (["train.ipynb", "-p", "kind"], 2, "-p kind VALUE"),
        (["train.ipynb", "--parametre", "kind", "a"], 2, "--parameter"),
    ],
)
@pytest.mark.usefixtures("train")
def test_refusals_start_nothing(mlops, workspace, words, code, said):
    found = mlops("run", *words)
    assert (found.code, found.out) == (code, "")
    assert said in found.err
    assert list(workspace.layout.journals.iterdir()) == []
