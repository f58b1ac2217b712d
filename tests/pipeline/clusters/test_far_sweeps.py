"""Points of sweeps on a real cluster of dask: the same records as here."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time

import nbformat
import pytest

from jupyter_mlops.errors import ClusterError
from jupyter_mlops.records import Kind, Status
from tests.pipeline.clusters.conftest import Cluster
from tests.pipeline.clusters.test_cluster import ancestor_in, lines_of, wait_for
from tests.pipeline.conftest import ROOT, write_notebook

pytestmark = [pytest.mark.timeout(300), pytest.mark.slow]

MLOPS = "import jupyter_mlops as mlops\nfrom helper import scale"
LOADED = (
    "from pathlib import Path\nrows = Path(raw).read_text().split()\nprint('loaded')"
)
SCORED = "score = scale(C) * len(rows)\nmlops.log_metric('auc', score)"
DECLARED = "C = 1.0\nraw = 'data/raw.csv'"
BLOCK = """
import os, threading
from pathlib import Path
if not Path(flag).exists():
    Path(flag + ".part").write_text(str(os.getpid()))
    Path(flag + ".part").rename(flag)
    threading.Event().wait()
"""
CURVE = """
import jupyter_mlops as mlops, pathlib, threading
is_bad = pathlib.Path({flag!r}).exists()
for step in range(2400 if is_bad else 3):
    mlops.log_metric('loss', 100 if is_bad else x, step=step)
    threading.Event().wait(0.1 if is_bad else 0)
"""


@pytest.fixture
def sweep(project, cluster):
    """Sweep a notebook of these cells on the cluster."""

    def run(*cells, parameters=DECLARED, on=cluster.on, name="n.ipynb", **options):
        if cells:
            write_notebook(project.folder / name, *cells, parameters=parameters)
        return project.workspace.sweeps.run(project.folder / name, on=on, **options)

    return run


def states(found):
    return [str(item.state) for item in sorted(found.points, key=lambda x: x.number)]


def test_points_are_recorded_as_here(project, cluster, sweep, tmp_path):
    cells = (MLOPS, LOADED, SCORED)
    there = sweep(*cells, grid={"C": "1,2"}, output=tmp_path / "out")
    here = sweep(grid={"C": "1,2"}, on=None, engine="nbclient")
    assert (there.status, states(there)) == (Status.FINISHED, ["finished"] * 2)
    assert there.best.values == {"C": 2.0}
    assert there.why_not == "a process cannot be copied to another machine"
    layout, workers = project.workspace.layout, set()
    for one, other in zip(here.points, there.points, strict=True):
        run = project.workspace.get_run(other.run_id)
        local = project.workspace.get_run(one.run_id)
        assert lines_of(run, layout) == lines_of(local, layout)
        assert (run.record.kind, run.record.parent_id) == (
            Kind.NOTEBOOK,
            there.run_id,
        )
        assert one.metrics == other.metrics
        workers.add(run.observations["cluster"]["worker"])
    assert workers == set(cluster.workers())
    read = project.workspace.sweeps.read(there.run_id)
    assert read.to_json() == there.to_json()
    executed = nbformat.read(tmp_path / "out" / "n-2.ipynb", as_version=4)
    assert "loaded\n" in [
        item.text for cell in executed.cells for item in cell.get("outputs", [])
    ]


def test_files_and_other_draws(project, sweep, tmp_path_factory):
    project.write("data/more.csv", "1\n2\n3\n4\n5\n")
    via = f"file://{tmp_path_factory.mktemp('via')}"
    found = sweep(
        MLOPS,
        LOADED,
        SCORED,
        grid={"raw": "data/raw.csv,data/more.csv"},
        via=via,
        jobs=1,
    )
    assert [item.metrics["auc"] for item in found.ranked] == [10.0, 6.0]
    drawn = sweep(over={"C": "0.1..1"}, random=2, seed=3)
    again = sweep(over={"C": "0.1..1"}, random=2, seed=3, missing=True)
    assert [item.run_id for item in again.points] == [
        item.run_id for item in drawn.points
    ]
    assert all(item.is_earlier for item in again.points)


def test_failed_point_is_named_and_stops_no_other(project, sweep):
    found = sweep(MLOPS, LOADED, "1 / (C - 2)", SCORED, grid={"C": "1,2"})
    assert (found.status, states(found)) == (Status.FAILED, ["finished", "failed"])
    assert found.points[1].why == "cell 4: ZeroDivisionError: float division by zero"
    run = project.workspace.get_run(found.points[1].run_id)
    assert [str(cell.status) for cell in run.cells][-1] == "failed"


def test_point_of_a_lost_worker_runs_again(project, cluster, sweep, tmp_path):
    flag = tmp_path / "flag"
    before = cluster.workers()

    def kill():
        wait_for(flag)
        os.kill(ancestor_in(int(flag.read_text()), before), signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    declared = f"C = 1\nflag = {str(flag)!r}"
    found = sweep(BLOCK, parameters=declared, grid={"C": "1"})
    killer.join()
    assert (found.status, states(found)) == (Status.FINISHED, ["finished"])
    lost, run = sorted(
        project.workspace.get_run(found.run_id).children, key=lambda run: run.id
    )
    assert (lost.status, run.id) == (Status.FAILED, found.points[0].run_id)
    assert "died" in lost.record.error.value
    assert run.tags["mlops.attempt"] == "2"
    read = project.workspace.sweeps.read(found.run_id)
    assert [item.run_id for item in read.points] == [run.id]


def test_hopeless_points_are_stopped_there(project, sweep, tmp_path):
    pytest.importorskip("optuna")
    flag = tmp_path / "bad"
    options = {"over": {"x": [float(x) for x in range(40)]}, "metric": "loss"}
    options |= {"goal": "min", "seed": 1}
    cell = CURVE.format(flag=str(flag))
    sweep(cell, parameters="x = 1.0", search=5, on=None, jobs=2, **options)
    flag.touch()
    found = sweep(search=2, missing=True, **options)
    point, *more = [item for item in found.points if not item.is_earlier]
    assert {item.state for item in (point, *more)} == {"pruned"}, found.points
    assert point.why.startswith("stopped early: loss 100 at step ")
    run = project.workspace.get_run(point.run_id)
    assert run.status is Status.CANCELLED
    assert run.tags["mlops.point"] == f"{point.number}, pruned"
    assert run.metrics == {"loss": 100.0}


@pytest.mark.parametrize("times", [1, 2])
def test_interrupts_leave_whole_records(project, cluster, tmp_path, times):
    flag, go = tmp_path / "flag", tmp_path / "go"
    cell = f"""
import threading
from pathlib import Path
Path({str(flag)!r} + str(C)).touch()
while not Path({str(go)!r}).exists():
    threading.Event().wait(0.05)
"""
    write_notebook(project.folder / "n.ipynb", cell, parameters="C = 1")
    code = "from jupyter_mlops.cli import main; raise SystemExit(main())"
    words = ["sweep", "n.ipynb", "--grid", "C=1,2,3,4", "--on", cluster.on, "-j", "3"]
    command = subprocess.Popen(
        [sys.executable, "-c", code, *words],
        cwd=project.folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    deadline = time.monotonic() + 120
    while len(list(tmp_path.glob("flag*"))) < 2:
        assert time.monotonic() < deadline
        threading.Event().wait(0.05)
    for _ in range(times):
        command.send_signal(signal.SIGINT)
        threading.Event().wait(1)
    if times == 1:
        go.touch()
    said, _ = command.communicate(timeout=120)
    go.touch()
    assert command.returncode == 130, said
    assert "with --missing, runs the rest" in said
    run = project.workspace.get_run(project.workspace.runs("kind = 'parent'").run_id[0])
    assert run.status is Status.CANCELLED
    ended = "finished" if times == 1 else "cancelled"
    read = project.workspace.sweeps.read(run.id)
    # Which of the points a cluster begins first is its own choice.
    assert sorted(states(read)) == sorted([ended, ended, "not run"])
    assert [str(child.status) for child in run.children] == [ended] * 2


def test_what_cannot_run_there_starts_nothing(project, sweep, monkeypatch):
    from jupyter_mlops.pipeline.clusters import dask_cluster, parcel

    monkeypatch.setattr(dask_cluster, "_PATIENCE", 1)
    with pytest.raises(ClusterError, match="No scheduler of dask answers"):
        sweep(MLOPS, LOADED, SCORED, grid={"C": "1,2"}, on="dask://127.0.0.1:1")
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ClusterError, match=r"pip install 'jupyter-mlops\[dask\]'"):
        sweep(grid={"C": "1,2"})
    monkeypatch.undo()
    monkeypatch.setattr(parcel, "MOST_BYTES", 10)
    with pytest.raises(ClusterError, match="through the cluster's scheduler"):
        sweep(grid={"C": "1,2"})
    assert len(project.workspace.runs()) == 0


STEP = """\
name: demo
steps:
  train:
    notebook: n.ipynb
    parameters: {api_key: s3cr3t-0f-mine-42}
    inputs: {raw: data/raw.csv}
    outputs: {model: out/model.txt}
"""
HEAVY = """
from pathlib import Path
import jupyter_mlops as mlops, time
Path(model).write_text(Path(raw).read_text() + api_key)
print(api_key)
held = b'x' * (10_000 if C == 1 else 900_000_000)
time.sleep(0 if C == 1 else 60)
mlops.log_metric('auc', C)
"""


def test_step_is_swept_there_within_its_memory(project, cluster):
    project.write("pipeline.yaml", STEP)
    project.write("out/earlier.txt", "so that the folder is there")
    declared = "C = 1\napi_key = ''\nraw = ''\nmodel = ''"
    write_notebook(project.folder / "n.ipynb", HEAVY, parameters=declared)
    found = project.workspace.sweeps.run_step(
        project.folder,
        "train",
        grid={"C": "1,2"},
        on=cluster.on,
        jobs=2,
        memory=600_000_000,
    )
    assert states(found) == ["finished", "failed"], found.points
    assert "MemoryLimitError" in found.points[1].why
    # The points wrote where they ran.
    assert not (project.folder / "out/model.txt").exists()
    kept = [file for file in (project.folder / ".mlops").rglob("*") if file.is_file()]
    assert not any(b"s3cr3t-0f-mine-42" in file.read_bytes() for file in kept)


def test_scheduler_that_dies_is_said(project, sweep, tmp_path):
    flag = tmp_path / "flag"
    cluster = Cluster(tmp_path)

    def kill():
        wait_for(flag)
        cluster.process.kill()

    killer = threading.Thread(target=kill)
    killer.start()
    declared = f"C = 1\nflag = {str(flag)!r}"
    found = sweep(BLOCK, parameters=declared, grid={"C": "1"}, on=cluster.on)
    killer.join()
    cluster.close()
    assert states(found) == ["failed"]
    assert found.points[0].why == f"the scheduler at {cluster.address} is gone"
    (run,) = project.workspace.get_run(found.run_id).children
    assert run.status is Status.FAILED
