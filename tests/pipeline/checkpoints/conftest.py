"""Copies of notebooks' processes, with a runtime folder and a keeper of the test's own."""

from __future__ import annotations

import contextlib
import os
import signal
import tempfile
from pathlib import Path

import pytest

from jupyter_mlops.errors import NotebookFailedError
from jupyter_mlops.pipeline.checkpoints import visitor
from jupyter_mlops.pipeline.checkpoints.policy import Policy
from jupyter_mlops.pipeline.worker.line import Wish
from jupyter_mlops.pipeline.worker.work import NotebookWork
from tests.pipeline.conftest import notebook_of, write_notebook
from tests.pipeline.worker.comparison import Witness
from tests.pipeline.worker.processes import parents_in
from tests.pipeline.worker.test_faults import has_gone


@pytest.fixture(scope="module")
def place():
    """A folder for the sockets of parents and keepers."""
    with runtime_folder() as folder:
        yield folder


@pytest.fixture
def own_keeper():
    """Leave other tests' copies, and what they may take, to another keeper."""
    with runtime_folder():
        yield


@contextlib.contextmanager
def runtime_folder():
    # Not below pytest's own folder: a socket's path is short.
    with (
        tempfile.TemporaryDirectory(prefix="ck") as folder,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setenv("XDG_RUNTIME_DIR", folder)
        yield Path(folder)
        for process in parents_in(folder):
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        has_gone(*parents_in(folder))


class Copier:
    """A visitor that copies the process before some cells."""

    def __init__(self, *places):
        self.places = places
        self.copies = []
        self.refusals = []

    def before_cell(self, work, index):
        if index in self.places:
            try:
                self.copies.append(work.copy())
            except Exception as error:
                self.refusals.append(str(error))

    def after_cell(self, work, outcome):
        pass


@pytest.fixture
def branch(place, tmp_path):
    """Run cells, copying the process before one; return the copy, and how to go on."""

    def branch(*cells, at=1):
        copier = Copier(at)
        wish = Wish(
            environ=os.environ, folder=str(tmp_path), libraries=[], idle_seconds=30
        )
        notebook = notebook_of(*cells)
        NotebookWork(notebook, Witness(), wish, {}, visitor=copier).run()
        opened.extend(copier.copies)
        return notebook, copier

    opened = []
    yield branch
    for sleeper in opened:
        sleeper.close()


def go_on(sleeper, *cells, first=0, **told):
    """Run cells in a copy; return their texts, or their errors."""
    notebook = notebook_of(*cells)
    NotebookWork(notebook, Witness(), sleeper.waking(**told), {}, first=first).run()
    return [text_of(cell) for cell in notebook.cells]


def text_of(cell):
    return "".join(
        output.get("text")
        or output.get("evalue")
        or output.get("data", {}).get("text/plain", "")
        for output in cell.outputs
    )


class Batch:
    """A notebook that is run, mended and gone on with."""

    def __init__(self, workspace):
        self.workspace = workspace
        self.path = workspace.layout.project / "nb.ipynb"

    def run(self, *cells, parameters=None, **options):
        """Run cells; return their run, also when one fails."""
        write_notebook(self.path, *cells)
        with contextlib.suppress(NotebookFailedError):
            self.workspace.notebooks.run(self.path, parameters, **options)
        return self.workspace.get_run("last")

    def resume(self, run, *cells, **options):
        """Change the notebook, and go on with a run of it."""
        if cells:
            write_notebook(self.path, *cells)
        return self.workspace.notebooks.resume(run.id, **options)


@pytest.fixture
def batch(place, workspace, tmp_path, monkeypatch):
    # A copy after a tenth of a second, where a user's run would wait for two.
    eager = Policy(share=10.0, worth=0.0, least=0.1)
    monkeypatch.setattr(visitor, "Policy", lambda: eager)
    return Batch(workspace)
