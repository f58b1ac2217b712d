"""The engine under papermill itself, as ``--engine mlops`` uses it."""

from __future__ import annotations

import nbformat
import papermill
import pytest
from papermill.engines import papermill_engines
from papermill.exceptions import PapermillExecutionError

from jupyter_mlops.engine import MlopsEngine
from jupyter_mlops.records import Kind, Status

from .conftest import write_notebook


@pytest.fixture(autouse=True)
def _registered(monkeypatch):
    monkeypatch.setitem(papermill_engines._engines, "mlops", MlopsEngine)


def test_papermill_records_through_the_engine(workspace):
    project = workspace.layout.project
    write_notebook(
        project / "train.ipynb",
        "import jupyter_mlops as mlops; mlops.log_metric('auc', C)",
        parameters="C = 1\nD = 2",
    )
    papermill.execute_notebook(
        "train.ipynb", "out.ipynb", {"C": 3}, engine_name="mlops", progress_bar=False
    )
    run = workspace.get_run("last")
    assert (run.name, run.record.kind) == ("train", Kind.NOTEBOOK)
    assert (run.status, run.metrics) == (Status.FINISHED, {"auc": 3.0})
    assert run.params == {"C": 3, "D": 2}
    saved = nbformat.read("out.ipynb", as_version=4)
    assert [cell.execution_count for cell in saved.cells] == [1, 2, 3]


def test_papermill_raises_what_the_run_says(workspace):
    write_notebook(workspace.layout.project / "a.ipynb", "1", "1/0")
    with pytest.raises(PapermillExecutionError):
        papermill.execute_notebook(
            "a.ipynb", "out.ipynb", engine_name="mlops", progress_bar=False
        )
    run = workspace.get_run("last")
    assert (run.status, len(run.cells)) == (Status.FAILED, 2)
