"""Steps that sweep, on a real cluster of dask: each point is a job there."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import threading

import pytest

from jupyter_mlops.records import Kind, Status
from tests.pipeline.clusters.test_cluster import wait_for
from tests.pipeline.conftest import ROOT

pytestmark = [pytest.mark.timeout(300), pytest.mark.slow]

SWEEP = """\
name: demo
steps:
  train:
    notebook: train.ipynb
    parameters: {rows: 3}
    inputs: {raw: data/raw.csv}
    outputs: {model: out/model.txt}
    retries: {times: 1, wait: 0.1}
    sweep: {grid: {C: [1, 5]}, metric: auc}
  other:
    notebook: other.ipynb
"""
TRAIN = """
import jupyter_mlops as mlops, os, threading
from pathlib import Path
from helper import scale
flag = Path(@FLAG@)
if C == 1 and not flag.exists():
    flag.with_suffix('.part').write_text(str(os.getpid()))
    flag.with_suffix('.part').rename(flag)
    threading.Event().wait()
Path(model).write_text(f'{C} {rows} {Path(raw).read_text()}')
mlops.log_metric('auc', scale(C))
"""


@pytest.fixture
def swept(project, tmp_path):
    project.write("pipeline.yaml", SWEEP)
    project.flag = tmp_path / "flag"
    cell = TRAIN.replace("@FLAG@", repr(str(project.flag)))
    declared = "C = 1.0\nrows = 0\nmodel = ''\nraw = ''"
    project.notebook("train.ipynb", cell, parameters=declared)
    project.notebook("other.ipynb", "1")
    return project


def worker_of(kernel, workers):
    """Find the worker in whose job's folder a kernel works."""
    place = os.readlink(f"/proc/{kernel}/cwd")
    for pid in workers.values():
        for task in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{task}/children") as file:
                children = file.read().split()
            if any(place.startswith(os.readlink(f"/proc/{c}/cwd")) for c in children):
                return pid
    raise AssertionError(kernel)


def test_points_are_jobs_and_the_lost_one_runs_again(swept, cluster):
    before = cluster.workers()

    def kill():
        wait_for(swept.flag)
        os.kill(worker_of(int(swept.flag.read_text()), before), signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    found = swept.workspace.pipelines.run(swept.folder, on=cluster.on)
    killer.join()
    assert found.status is Status.FINISHED, found.steps
    step = swept.workspace.get_run(found.steps["train"].run_id)
    assert step.record.kind is Kind.STEP
    assert swept.read("out/model.txt") == "5.0 3 1\n2\n3\n"
    assert found.steps["train"].values["best"] == {"json": {"C": 5.0}}
    sweep = swept.workspace.sweeps.read(step.id)
    assert [str(item.state) for item in sweep.points] == ["finished"] * 2
    assert all(
        swept.workspace.get_run(item.run_id).observations["cluster"]["worker"]
        for item in sweep.points
    )
    assert len(step.children) == 3
    assert sum("died" in str(child.record.error) for child in step.children) == 1
    # It stands for what would run here.
    again = swept.workspace.pipelines.run(swept.folder)
    assert {str(item.state) for item in again.steps.values()} == {"cached"}


def test_step_fails_there_as_here(swept, cluster):
    swept.flag.touch()
    swept.edit("train.ipynb", "scale(C)", "1 / 0")
    swept.edit("pipeline.yaml", "{times: 1, wait: 0.1}", "0")
    found = swept.workspace.pipelines.run(
        swept.folder, on=cluster.on, only="train", jobs=2
    )
    assert (
        "all its points failed, the first one so: cell "
        in (found.steps["train"].why[0])
    )
    assert "ZeroDivisionError" in found.steps["train"].why[0]
    step = swept.workspace.get_run(found.steps["train"].run_id)
    assert [child.status for child in step.children] == [Status.FAILED] * 2
    assert not (swept.folder / "out/model.txt").exists()


def test_interrupt_ends_points_there(swept, cluster):
    code = "from jupyter_mlops.cli import main; raise SystemExit(main())"
    command = subprocess.Popen(
        [sys.executable, "-c", code, "run", ".", "--on", cluster.on],
        cwd=swept.folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    wait_for(swept.flag)
    kernel = os.pidfd_open(int(swept.flag.read_text()))
    command.send_signal(signal.SIGINT)
    said, _ = command.communicate(timeout=120)
    assert command.returncode == 130, said
    assert select.select([kernel], [], [], 60)[0]
    os.close(kernel)
    table = swept.workspace.runs("kind = 'step' and name = 'train'")
    step = swept.workspace.get_run(table.run_id[0])
    assert step.status is Status.CANCELLED
    assert all(child.status is not Status.RUNNING for child in step.children)
    assert Status.CANCELLED in [child.status for child in step.children]
    assert not (swept.folder / "out/model.txt").exists()
