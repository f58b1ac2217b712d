"""Points of a step that sweeps, side by side where they write no files of the step's."""

from __future__ import annotations

import os
import signal
import threading

import pytest

from jupyter_mlops.pipeline.limits.machine import cpu_count
from jupyter_mlops.pipeline.steps.scheduler import Scheduler
from jupyter_mlops.records import Status

pytestmark = [pytest.mark.timeout(300), pytest.mark.slow]

SWEEP = """\
name: demo
steps:
  train:
    notebook: train.ipynb
    sweep: {grid: {C: [1, 2]}, metric: auc}
"""
MEET = (
    "import os, time\nfrom pathlib import Path\nimport jupyter_mlops as mlops",
    "Path(f'met{C}').touch()\n"
    "both = [Path(f'met{n}') for n in (1, 2)]\n"
    "while not all(file.exists() for file in both): time.sleep(0.01)",
    "mlops.log_metric('auc', C)\n"
    "mlops.log_metric('threads', int(os.environ['OMP_NUM_THREADS']))",
)
STUCK = (
    "import time\nfrom pathlib import Path\nPath(f'met{C}').touch()\ntime.sleep(99)",
)


@pytest.fixture
def swept(project, monkeypatch):
    """A step of two points, each of which waits until both run."""
    for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        monkeypatch.delenv(name, raising=False)
    project.write("pipeline.yaml", SWEEP)
    project.notebook("train.ipynb", *MEET, parameters="C = 1")
    project.side_by_side = lambda **options: project.workspace.pipelines.run(
        project.folder, engine="worker", **{"jobs": 2, **options}
    )
    return project


def test_points_run_side_by_side(swept):
    found = swept.side_by_side().steps["train"]
    assert str(found.state) == "finished", found.why
    assert found.parameters["C"] == 2
    assert not any("one after another" in note for note in found.notes)
    assert found.metrics == {"auc": 2.0, "threads": max(1, int(cpu_count() / 2))}
    sweep = swept.workspace.sweeps.read(found.run_id)
    assert [item.number for item in sweep.ranked] == [2, 1]
    again = swept.side_by_side().steps["train"]
    assert str(again.state) == "cached", found.notes


def test_points_that_write_the_same_files_take_turns(swept):
    swept.edit("pipeline.yaml", "    sweep:", "    outputs: {model: m.txt}\n    sweep:")
    write = "import jupyter_mlops as mlops\nfrom pathlib import Path\n"
    write += "Path(model).write_text(str(C))\nmlops.log_metric('auc', C)"
    swept.notebook("train.ipynb", write, parameters="C = 1\nmodel = ''")
    found = swept.side_by_side().steps["train"]
    assert found.notes == ["its points ran one after another: each writes m.txt"]
    assert swept.read("m.txt") == "2"
    assert swept.side_by_side().steps["train"].notes == []
    assert swept.side_by_side(jobs=1, force=True).steps["train"].notes == []


def test_points_have_their_time_each(swept):
    swept.notebook("train.ipynb", *STUCK, parameters="C = 1")
    limit = "    timeout: {step: 2}\n    sweep:"
    swept.edit("pipeline.yaml", "    sweep:", limit)
    found = swept.side_by_side().steps["train"]
    assert "took longer than the 2 s" in found.why[0]
    step = swept.workspace.get_run(found.run_id)
    assert [child.status for child in step.children] == [Status.FAILED] * 2


def test_interrupt_ends_all_points(swept):
    swept.notebook("train.ipynb", *STUCK, parameters="C = 1")
    places = [swept.folder / name for name in ("met1", "met2")]

    def interrupt():
        while not all(place.exists() for place in places):
            threading.Event().wait(0.01)
        os.kill(os.getpid(), signal.SIGINT)

    watcher = threading.Thread(target=interrupt)
    watcher.start()
    with pytest.raises(KeyboardInterrupt):
        swept.side_by_side()
    watcher.join()
    table = swept.workspace.runs()
    assert set(table.status) == {"cancelled"}
    assert len(table) == 4


@pytest.mark.parametrize(
    ("fields", "width"), [("", 2), ("resources: {cpus: 10000}", 1)]
)
def test_points_stay_within_the_limits(swept, monkeypatch, fields, width):
    swept.edit("pipeline.yaml", "    sweep:", f"    {fields}\n    sweep:")
    widths = []
    real = Scheduler._width
    monkeypatch.setattr(
        Scheduler,
        "_width",
        lambda self, look: widths.append(real(self, look)) or widths[-1],
    )
    swept.notebook("train.ipynb", "1 / 0", parameters="C = 1")
    swept.side_by_side()
    assert widths == [width]
