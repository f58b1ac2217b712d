"""Notebooks run on real kernels; each kernel serves several tests."""

from __future__ import annotations

import asyncio
import json
import os
from types import SimpleNamespace

import nbformat
import pytest

from jupyter_mlops import errors
from jupyter_mlops.pipeline.parameters import RawText
from jupyter_mlops.records import Kind, Status
from jupyter_mlops.workspace import Workspace

from .conftest import code, write_notebook


class Steps:
    """A progress that remembers what it was told."""

    def __init__(self):
        self.told = []

    def notebook_began(self, name, cells):
        self.told.append((name, cells))

    def cell_began(self, position, title):
        self.told.append((position, title))

    def cell_ended(self, position, status, seconds):
        self.told.append((position, str(status)))


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A notebook that ran to its end, with what it left."""
    project = tmp_path_factory.mktemp("project")
    path = write_notebook(
        project / "nested {0}" / "train.ipynb",
        nbformat.v4.new_markdown_cell("# A title"),
        "import os, sys\nprint(os.getcwd())\nsys.stdout.flush()\nprint(os.getpid())\n"
        "os.environ['JUPYTER_MLOPS_NOTEBOOK']",
        "import jupyter_mlops as mlops\nmlops.log_metric('auc', C / 10)\n"
        "print('x' * 9000)",
        "# begin\nwith mlops.start_run('inner'):\n    mlops.log_param('depth', 3)",
        code("raise ValueError('expected')", "raises-exception"),
        code("never()", "skip-execution"),
        "  ",
        parameters="C = 1.0  # strength\nrows = [1]\nwhere = os.sep if 0 else ''",
    )
    workspace = Workspace(project)
    steps = Steps()
    output = project / "out" / "deep" / "done.ipynb"
    run_id = workspace.notebooks.run(
        path, {"C": RawText("7"), "rows": [1, 2]}, output=output, progress=steps
    )
    run = workspace.get_run(run_id)
    yield SimpleNamespace(
        path=path, workspace=workspace, steps=steps, output=output, run=run
    )
    workspace.close()


def test_finished_notebook_is_a_run(finished):
    record = finished.run.record
    assert (record.name, record.experiment) == ("train", "train")
    assert (record.kind, record.status) == (Kind.NOTEBOOK, Status.FINISHED)
    assert record.notebook == str(finished.path)
    assert record.params == {"C": 7.0, "rows": [1, 2]}


def test_each_cell_is_recorded(finished):
    cells = finished.run.cells
    assert [cell.position for cell in cells] == list(range(6))
    assert [cell.execution_count for cell in cells] == list(range(1, 7))
    assert {cell.status for cell in cells} == {Status.FINISHED}
    assert cells[1].source == "# Parameters\nC = 7.0\nrows = [1, 2]\n"
    source = nbformat.read(finished.path, as_version=4)
    assert cells[2].cell_id == source.cells[2].id
    assert cells[5].error.name == "ValueError"


def test_kernel_works_in_the_folder(finished):
    stream, result = finished.run.cells[2].outputs
    assert stream["text"].splitlines()[0] == str(finished.path.parent)
    assert result["data"]["text/plain"] == repr(str(finished.path))


def test_long_output_becomes_a_blob(finished):
    (output,) = finished.run.cells[3].outputs
    blob = finished.workspace.store.blobs.get_bytes(output["text"]["blob"])
    assert blob == b"x" * 9000 + b"\n"


def test_log_calls_land_in_the_run(finished):
    assert finished.run.metrics == {"auc": 0.7}
    (child,) = finished.run.children
    assert (child.name, child.params) == ("inner", {"depth": 3})
    assert child.status is Status.FINISHED


def test_executed_notebook_is_kept(finished):
    kept = finished.run.artifacts["notebook.ipynb"]
    data = finished.workspace.store.blobs.get_bytes(kept.digest)
    assert json.loads(data) == json.loads(finished.output.read_text())
    saved = nbformat.read(finished.output, as_version=4)
    nbformat.validate(saved)
    assert saved.metadata.papermill.parameters == {"C": 7.0, "rows": [1, 2]}
    assert not [cell for cell in saved.cells if "exception was" in cell.source.lower()]


def test_nothing_else_is_left(finished):
    project = finished.workspace.layout.project
    left = sorted(str(item.relative_to(project)) for item in project.rglob("*.ipynb*"))
    assert left == ["nested {0}/train.ipynb", "out/deep/done.ipynb"]
    assert sorted(item.name for item in finished.output.parent.iterdir()) == [
        "done.ipynb"
    ]


def test_progress_is_told(finished):
    told = finished.steps.told
    assert told[0] == (str(finished.path), 6)
    assert (4, "with mlops.start_run('inner'):") in told
    assert told[-1] == (5, "finished")


@pytest.fixture(scope="module")
def failed(tmp_path_factory):
    """A notebook of which a cell failed, started where a loop runs already."""
    project = tmp_path_factory.mktemp("failed")
    path = write_notebook(
        project / "fit.ipynb", "kept = 1\nkept", "def f():\n    return 1 / 0\nf()", "3"
    )
    workspace = Workspace(project)

    output = project / "results"
    output.mkdir()

    async def run_within_loop():
        return workspace.notebooks.run(path, output=output)

    with pytest.raises(errors.NotebookFailedError) as caught:
        asyncio.run(run_within_loop())
    error = caught.value
    yield SimpleNamespace(
        error=error,
        run=workspace.get_run(error.run_id),
        output=output / "fit.ipynb",
        path=path,
    )
    workspace.close()


def test_failure_names_the_cell(failed):
    error = failed.error
    source = nbformat.read(failed.path, as_version=4)
    assert (error.position, error.cell_id) == (1, source.cells[1].id)
    assert (error.ename, error.evalue) == ("ZeroDivisionError", "division by zero")
    assert "ZeroDivisionError: division by zero" in str(error)
    assert "----> 3 f()" in error.traceback
    assert "\x1b" not in str(error) + error.traceback


def test_failed_run_keeps_its_cells(failed):
    assert failed.run.status is Status.FAILED
    error = failed.run.record.error
    assert (error.name, error.value) == ("ZeroDivisionError", "division by zero")
    first, second = failed.run.cells
    assert (first.status, second.status) == (Status.FINISHED, Status.FAILED)
    assert second.error.value == "division by zero"


def test_failed_notebook_is_saved(failed):
    saved = nbformat.read(failed.output, as_version=4)
    assert "An Exception was encountered" in saved.cells[0].source
    assert "notebook.ipynb" in failed.run.artifacts


def test_dead_kernel_names_the_cell(workspace):
    path = write_notebook(
        workspace.layout.project / "die.ipynb",
        "import os\nos.kill(os.getpid(), 9)",
        "1",
    )
    with pytest.raises(errors.NotebookFailedError, match="killed by SIGKILL") as caught:
        workspace.notebooks.run(path)
    assert caught.value.position == 0
    (cell,) = workspace.get_run("last").cells
    assert (cell.status, cell.error.name) == (Status.FAILED, "DeadKernelError")


def test_exit_ends_the_notebook_well(workspace):
    path = write_notebook(workspace.layout.project / "a.ipynb", "1", "exit()", "1/0")
    workspace.notebooks.run(path)
    run = workspace.get_run("last")
    assert (run.status, len(run.cells)) == (Status.FINISHED, 2)


def test_slow_cell_meets_its_timeout(workspace):
    path = write_notebook(
        workspace.layout.project / "a.ipynb",
        "import threading; threading.Event().wait()",
    )
    with pytest.raises(errors.NotebookFailedError, match="CellTimeoutError"):
        workspace.notebooks.run(path, timeout=1)


def test_run_within_a_run_is_its_child(workspace):
    path = write_notebook(workspace.layout.project / "a.ipynb", "1")
    with workspace.start_run("all", experiment="both") as outer:
        workspace.notebooks.run(path, name="part", experiment="mine")
    run = workspace.get_run("last")
    assert (run.name, run.record.experiment) == ("part", "mine")
    assert run.record.parent_id == outer.id
    assert "JUPYTER_MLOPS_RUN" not in os.environ
