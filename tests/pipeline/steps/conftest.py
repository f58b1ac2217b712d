"""A project with a pipeline whose notebooks run in this very process."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from jupyter_mlops.pipeline.execution import CellOutcome, is_executable
from jupyter_mlops.pipeline.signals import let_in
from jupyter_mlops.records import ErrorRecord, Status
from tests.pipeline.conftest import write_notebook

TESTS = Path(__file__).parents[2]


class InProcess:
    """Runs cells by ``exec`` in the notebook's folder; starts no kernel."""

    def __init__(self, run, folder):
        self.names = {"__name__": "__main__", "run": run}
        self.folder = folder

    def execute(self, notebook, watcher):
        before, path = os.getcwd(), list(sys.path)
        forget_modules(self.folder)
        os.chdir(self.folder)
        sys.path.insert(0, str(self.folder))
        try:
            with without_tests():
                for index, cell in enumerate(notebook.cells):
                    if is_executable(cell) and not self.run_cell(index, cell, watcher):
                        break
        finally:
            os.chdir(before)
            sys.path[:] = path

    def run_cell(self, index, cell, watcher):
        watcher.cell_began(index)
        try:
            with let_in():
                exec(compile(cell.source, "<cell>", "exec"), self.names)
        except KeyboardInterrupt:
            outcome = CellOutcome(index=index, status=Status.CANCELLED, stops=True)
            watcher.cell_ended(outcome)
            raise
        except Exception as fault:
            error = ErrorRecord(name=type(fault).__name__, value=str(fault))
            watcher.cell_ended(
                CellOutcome(index=index, status=Status.FAILED, error=error, stops=True)
            )
            return False
        watcher.cell_ended(CellOutcome(index=index))
        return True


@contextmanager
def without_tests():
    """Hide the modules of all tests: a notebook's process would not have them.

    Each would count as a local module that the step uses.
    """
    hidden = {
        name: module
        for name, module in list(sys.modules.items())
        if str(getattr(module, "__file__", None) or "").startswith(f"{TESTS}/")
    }
    for name in hidden:
        sys.modules.pop(name, None)
    try:
        yield
    finally:
        sys.modules.update(hidden)


def forget_modules(folder):
    """Let what lies in a folder be imported anew, as a new process would."""
    for name, module in list(sys.modules.items()):
        if str(getattr(module, "__file__", None) or "").startswith(f"{folder}/"):
            del sys.modules[name]


def in_process(run, look):
    return InProcess(run, look.notebook.path.parent)


PREPARE = (
    "from pathlib import Path\nfrom helper import scale",
    "rows = [int(line) for line in Path(raw).read_text().split()]",
    "note = Path('note.txt').read_text()",
    "table = [scale(row) * factor for row in rows]",
    "Path(features).write_text('\\n'.join(map(str, table)) + note)",
    "run.log_metric('rows', len(rows))",
)
TRAIN = (
    "from pathlib import Path\ntext = Path(features).read_text()",
    "Path(model).write_text(f'{C} {rows} {text}')",
    "run.log_metric('auc', C / 2)",
)
PIPELINE = """\
name: demo
steps:
  prepare:
    notebook: prepare.ipynb
    parameters: {factor: 2}
    inputs: {raw: data/raw.csv}
    outputs: {features: out/features.csv}
  train:
    notebook: train.ipynb
    parameters:
      C: 0.5
      rows: ${prepare.metrics.rows}
    inputs:
      features: ${prepare.outputs.features}
    outputs: {model: out/model.txt}
"""


class Project:
    """The project's files, and its pipeline run and looked at."""

    def __init__(self, workspace):
        self.workspace = workspace
        self.folder = workspace.layout.project

    def write(self, name, text):
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return file

    def read(self, name):
        return (self.folder / name).read_text()

    def notebook(self, name, *cells, parameters=None):
        return write_notebook(self.folder / name, *cells, parameters=parameters)

    def edit(self, name, old, new):
        text = self.read(name)
        assert old in text, (name, old)
        self.write(name, text.replace(old, new))

    def run(self, *given, **options):
        return self.workspace.pipelines.run(
            self.folder, *given, make_executor=in_process, **options
        )

    def states(self, *given, **options):
        steps = self.run(*given, **options).steps.values()
        return {item.name: str(item.state) for item in steps}

    def why(self, name, *given):
        return self.workspace.pipelines.status(self.folder, *given)[name].why


@pytest.fixture
def project(workspace):
    """Two steps: one prepares a table, one trains on it."""
    made = Project(workspace)
    make_files(made)
    return made


def make_files(made):
    made.write("data/raw.csv", "1\n2\n3\n")
    made.write("note.txt", "noted")
    made.write("helper.py", "from inner import two\ndef scale(x): return x * two\n")
    made.write("inner.py", "two = 2\n")
    made.write("pipeline.yaml", PIPELINE)
    declared = "factor = 1\nraw = ''\nfeatures = ''"
    made.notebook("prepare.ipynb", *PREPARE, parameters=declared)
    declared = "C = 1.0\nrows = 0\nfeatures = ''\nmodel = ''"
    made.notebook("train.ipynb", *TRAIN, parameters=declared)
    return made


BOTH = {"prepare": "cached", "train": "cached"}
RAN = {"prepare": "finished", "train": "finished"}
HERE = Path(__file__).parent
