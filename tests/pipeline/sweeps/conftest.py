"""Notebooks swept in a real workspace."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.pipeline.conftest import write_notebook

ROOT = Path(__file__).parents[3]
MLOPS = "import jupyter_mlops as mlops"


class Sweeping:
    """A notebook, swept by the worker unless said otherwise."""

    def __init__(self, workspace):
        self.workspace = workspace
        self.folder = workspace.layout.project

    def write(self, *cells, parameters="C = 1.0\nkind = 'a'", name="n.ipynb"):
        return write_notebook(self.folder / name, *cells, parameters=parameters)

    def run(self, *cells, name="n.ipynb", **options):
        """Sweep; without cells the notebook as it is."""
        path = self.folder / name
        if cells:
            self.write(*cells, name=name)
        return self.workspace.sweeps.run(
            path, engine=options.pop("engine", "worker"), **options
        )

    def point(self, found, number):
        """Read a point's run."""
        (item,) = [item for item in found.points if item.number == number]
        return self.workspace.get_run(item.run_id)


@pytest.fixture
def sweeping(workspace):
    return Sweeping(workspace)


SWEEP = """
import sys
from jupyter_mlops.workspace import Workspace
Workspace(sys.argv[1]).sweeps.run(
    sys.argv[1] + "/n.ipynb", grid={"C": [1, 2, 3, 4]}, engine="worker"
)
"""


@pytest.fixture
def started():
    """Sweep in another process, which does not outlive the test."""
    processes = []

    def start(folder):
        command = [sys.executable, "-c", SWEEP, str(folder)]
        environ = {**os.environ, "PYTHONPATH": str(ROOT)}
        processes.append(
            subprocess.Popen(command, env=environ, stderr=subprocess.DEVNULL)
        )
        return processes[-1]

    yield start
    for process in processes:
        process.kill()
        process.wait()
