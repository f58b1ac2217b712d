"""A sweep that shares its cells, beside whole runs of its notebook in the same run."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from jupyter_mlops.pipeline.sweeps.points import grid_points
from jupyter_mlops.pipeline.sweeps.prefix import shared_prefix
from jupyter_mlops.pipeline.sweeps.space import Choices, Space
from tests.bench.conftest import seconds
from tests.pipeline.conftest import notebook_of, write_notebook

pytestmark = [
    pytest.mark.bench,
    pytest.mark.timeout(600),
    pytest.mark.filterwarnings("default"),
]
ROOT = Path(__file__).parents[2]
SHARED_SECONDS = 10
CELLS = (
    "import time",
    f"time.sleep({SHARED_SECONDS})",
    "time.sleep(0.1)\nscore = C * 2",
)
POINTS = 20


@pytest.fixture(autouse=True)
def _own_parent(monkeypatch, tmp_path):
    """A parent that no one else uses, and that ends soon after."""
    place = tmp_path / "runtime"
    place.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(place))
    monkeypatch.setattr("jupyter_mlops.pipeline.executors.IDLE_SECONDS", 120.0)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))


def test_sweep_of_shared_cells(workspace, said):
    path = write_notebook(
        workspace.layout.project / "n.ipynb", *CELLS, parameters="C = 1.0"
    )
    # The parent is warm: that is not what is measured.
    short = write_notebook(workspace.layout.project / "s.ipynb", "import time")
    workspace.notebooks.run(short, engine="worker")
    whole = seconds(lambda: workspace.notebooks.run(path, engine="worker"))
    busy = time.process_time()
    found = []
    took = seconds(
        lambda: found.append(
            workspace.sweeps.run(
                path, grid={"C": list(range(POINTS))}, jobs=2, engine="worker"
            )
        )
    )
    busy = time.process_time() - busy
    own = sum(item.seconds for item in found[0].points) / POINTS
    said(
        f"sweep of {POINTS} points, {SHARED_SECONDS} s shared, 2 jobs: {took:.1f} s "
        f"({busy:.1f} s of our own processor time, a point {own:.2f} s); one whole run "
        f"{whole:.1f} s, {POINTS} of them {POINTS * whole:.0f} s; "
        f"load {os.getloadavg()[0]:.0f}"
    )
    assert found[0].shared == 2
    # 13 s are to be reached: a whole run, and three seconds for twenty points; 12.1 is
    # what it takes.
    assert took < whole + 3


def test_finding_shared_cells(said, base):
    space = Space({"C": Choices(tuple(range(1000)))})
    cells = [f"x{i} = [n for n in range({i})]\ny{i} = sum(x{i})" for i in range(100)]
    node = notebook_of(*cells, parameters="C = 1.0")
    node.cells[1].metadata.tags = ["injected-parameters"]
    took = seconds(lambda: shared_prefix(node, list(space.by_name), {}))
    drawn = seconds(lambda: list(iter(grid_points(space).next, None)))
    said(
        f"shared cells among 100: {1000 * took:.0f} ms, {took / base:.1f} x base; "
        f"1,000 points: {1000 * drawn:.0f} ms"
    )
    assert took < 10 * base
