"""The seam: any executor can stand behind a recorded notebook. No kernel starts."""

from __future__ import annotations

import nbformat
import pytest

from jupyter_mlops import errors
from jupyter_mlops.pipeline.execution import CellOutcome, is_executable
from jupyter_mlops.pipeline.runner import run_notebook
from jupyter_mlops.pipeline.saved_notebook import SavedNotebook
from jupyter_mlops.records import ErrorRecord, Status

from .conftest import notebook_of, write_notebook


class Puppet:
    """Runs no cell, but says how each ended."""

    def __init__(self, **endings):
        self.endings = endings

    def execute(self, notebook, watcher):
        for index, cell in enumerate(notebook.cells):
            if not is_executable(cell):
                continue
            watcher.cell_began(index)
            watcher.beat()
            ending = self.endings.get(cell.source)
            if ending is KeyboardInterrupt:
                watcher.cell_ended(
                    CellOutcome(index=index, status=Status.CANCELLED, stops=True)
                )
                raise KeyboardInterrupt
            if ending is None:
                cell.outputs = [nbformat.v4.new_output("stream", text=cell.source)]
                watcher.cell_ended(CellOutcome(index=index, outputs=cell.outputs))
                continue
            watcher.cell_ended(
                CellOutcome(index=index, status=Status.FAILED, error=ending, stops=True)
            )
            return


def run_with(workspace, executor, *cells):
    path = write_notebook(workspace.layout.project / "a.ipynb", *cells)
    return run_notebook(
        path,
        begin_run=workspace.notebooks.begin,
        blobs=workspace.store.blobs,
        output=workspace.layout.project / "out.ipynb",
        executor=executor,
    )


def test_any_executor_is_recorded(workspace):
    run_id = run_with(workspace, Puppet(), "a", nbformat.v4.new_markdown_cell("b"), "c")
    run = workspace.get_run(run_id)
    assert [cell.outputs[0]["text"] for cell in run.cells] == ["a", "c"]
    assert run.status is Status.FINISHED


def test_failure_without_output_fails(workspace):
    error = ErrorRecord(name="WorkerDied", value="gone")
    with pytest.raises(errors.NotebookFailedError, match="WorkerDied: gone") as caught:
        run_with(workspace, Puppet(b=error), "a", "b", "c")
    assert caught.value.position == 1
    assert workspace.get_run("last").status is Status.FAILED


def test_interrupt_cancels_the_run(workspace):
    with pytest.raises(KeyboardInterrupt):
        run_with(workspace, Puppet(b=KeyboardInterrupt), "a", "b", "c")
    run = workspace.get_run("last")
    assert run.status is Status.CANCELLED
    assert [cell.status for cell in run.cells] == [Status.FINISHED, Status.CANCELLED]
    assert "notebook.ipynb" in run.artifacts
    assert (workspace.layout.project / "out.ipynb").exists()


def test_broken_executor_fails_the_run(workspace):
    class Broken:
        def execute(self, notebook, watcher):
            raise RuntimeError("no worker")

    with pytest.raises(RuntimeError, match="no worker"):
        run_with(workspace, Broken(), "a")
    assert workspace.get_run("last").record.error.value == "no worker"


def test_output_is_saved_by_time(tmp_path):
    node = notebook_of("a", "b")
    node.metadata.papermill = {}
    path = tmp_path / "out.ipynb"
    saved = SavedNotebook(node, str(path))
    saved.notebook_start()
    saved.cell_start(node.cells[0], 0)
    at_start = path.read_bytes()
    saved.cell_complete(node.cells[0], 0)
    assert path.read_bytes() == at_start
    saved._due = 0.0
    saved.autosave_cell()
    assert path.read_bytes() != at_start


def test_unwritable_output_is_an_error(tmp_path):
    node = notebook_of("a")
    (tmp_path / "file").touch()
    saved = SavedNotebook(node, str(tmp_path / "file" / "out.ipynb"))
    with pytest.raises(errors.NotebookError, match="cannot be saved"):
        saved.save_now()
