"""Notebooks swept in a real workspace."""

from __future__ import annotations

import pytest

from tests.pipeline.conftest import write_notebook

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
