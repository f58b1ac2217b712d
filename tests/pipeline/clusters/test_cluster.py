"""Steps and notebooks on a real cluster of dask: the same records as here."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import threading
import time

import orjson
import pytest

from jupyter_mlops.errors import ClusterError, InvalidInputError, NotebookFailedError
from jupyter_mlops.pipeline.clusters import parcel, steps
from jupyter_mlops.pipeline.clusters.dask_cluster import scheduler_address
from jupyter_mlops.records import Status
from tests.pipeline.conftest import ROOT, write_notebook

pytestmark = [pytest.mark.timeout(300), pytest.mark.slow]

BLOCK = """
import os, threading
from pathlib import Path
if not Path(flag).exists():
    Path(flag + ".part").write_text(str(os.getpid()))
    Path(flag + ".part").rename(flag)
    threading.Event().wait()
"""


OF_THE_PLACE = ("cluster", "version", "checkpoints")


def lines_of(run, layout):
    """What a run's journals say, but for what differs from run to run."""
    found = []
    for file in sorted(layout.journal_folder(run.id).iterdir()):
        for line in file.read_bytes().splitlines():
            event = orjson.loads(line)
            told = [event["e"], event.get("k"), event.get("name"), event.get("path")]
            told += [event.get("n"), event.get("status"), event.get("notebook")]
            if event["e"] == "artifact" and event["name"].startswith("outputs/"):
                told.append(event["digest"])
            if event["e"] == "file":
                told += [event["role"], event.get("digest")]
            # No copy of a process is made of one on a cluster.
            if event["e"] != "writer" and event.get("k") not in OF_THE_PLACE:
                found.append(told)
    return sorted(found, key=str)


def test_records_are_the_same_as_here(project, cluster):
    run = project.workspace.pipelines.run
    here = run(project.folder)
    there = run(project.folder, force=True, on=cluster.on)
    assert there.status is Status.FINISHED, there.steps
    layout = project.workspace.layout
    for name in ("prepare", "train"):
        one = project.workspace.get_run(here.steps[name].run_id)
        other = project.workspace.get_run(there.steps[name].run_id)
        assert lines_of(one, layout) == lines_of(other, layout)
        assert other.record.parent_id == there.run_id
        told = other.observations["cluster"]
        assert told["scheduler"] == cluster.address
        assert told["worker"] in cluster.workers()
    assert project.read("out/model/a.txt") == "4\n8\n12noted"
    # It stands for what would run here.
    states = {str(item.state) for item in run(project.folder).steps.values()}
    assert states == {"cached"}


def test_files_travel_by_a_url(project, cluster, tmp_path_factory, monkeypatch):
    monkeypatch.setattr(parcel, "MOST_BYTES", 10)
    run = project.workspace.pipelines.run
    refused = run(project.folder, on=cluster.on)
    assert "to go through the cluster's scheduler" in refused.steps["prepare"].why[0]
    assert "'--via s3://" in refused.steps["prepare"].why[0]
    via = f"file://{tmp_path_factory.mktemp('via')}"
    found = run(project.folder, on=cluster.on, via=via)
    assert found.status is Status.FINISHED, found.steps
    assert project.read("out/features.csv") == "4\n8\n12noted"


def test_url_that_only_we_reach_is_said(project, cluster):
    found = project.workspace.pipelines.run(
        project.folder, on=cluster.on, via="memory://here"
    )
    assert "is not there for" in found.steps["prepare"].why[0]
    assert project.workspace.get_run(found.run_id).status is Status.FAILED


def test_lost_worker_is_another_attempt(project, cluster, tmp_path):
    flag = tmp_path / "flag"
    write_notebook(project.folder / "slow.ipynb", BLOCK, parameters="flag = ''")
    text = "name: demo\nsteps:\n  slow:\n    notebook: slow.ipynb\n"
    text += f"    parameters: {{flag: {flag}}}\n    retries: {{times: 1, wait: 0.1}}\n"
    project.write("pipeline.yaml", text)
    before = cluster.workers()
    kernels = []

    def kill():
        wait_for(flag)
        kernels.append(os.pidfd_open(int(flag.read_text())))
        os.kill(ancestor_in(int(flag.read_text()), before), signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    found = project.workspace.pipelines.run(project.folder, on=cluster.on)
    killer.join()
    assert found.status is Status.FINISHED, found.steps
    runs = project.workspace.get_run(found.run_id).children
    first, second = sorted(runs, key=lambda run: run.id)
    assert (first.status, second.status) == (Status.FAILED, Status.FINISHED)
    assert "died" in first.record.error.value
    assert second.tags["mlops.attempt"] == "2"
    # What ran at the lost worker has ended, too.
    assert select.select(kernels, [], [], 60)[0]


def wait_for(path):
    deadline = time.monotonic() + 120
    while not path.exists():
        assert time.monotonic() < deadline, path
        threading.Event().wait(0.05)


def ancestor_in(process, workers):
    """Find the worker whose job has most lately started a process."""
    for pid in workers.values():
        children = f"/proc/{pid}/task/"
        for task in os.listdir(children):
            with open(f"{children}{task}/children") as file:
                for child in file.read().split():
                    with open(f"/proc/{child}/cmdline") as command:
                        if "clusters.process" in command.read():
                            return pid
    raise AssertionError(process)


def test_notebook_runs_there(project, cluster, tmp_path):
    output = tmp_path / "out.ipynb"
    given = {"raw": "data/raw.csv", "features": "made.csv"}
    notebook = project.folder / "prepare.ipynb"
    run_id = project.workspace.notebooks.run(
        notebook, given, on=cluster.on, output=output, name="there"
    )
    run = project.workspace.get_run(run_id)
    assert (run.status, run.record.name) == (Status.FINISHED, "there")
    assert run.metrics["rows"] == 3
    assert run.record.notebook in (str(notebook), "prepare.ipynb")
    assert "made made.csv" in output.read_text()
    assert not (project.folder / "made.csv").exists()


def test_failed_cell_is_named(project, cluster):
    write_notebook(project.folder / "bad.ipynb", "1", "raise ValueError('no')")
    with pytest.raises(NotebookFailedError, match="failed in cell 1") as caught:
        project.workspace.notebooks.run(project.folder / "bad.ipynb", on=cluster.on)
    run = project.workspace.get_run(caught.value.run_id)
    assert run.status is Status.FAILED
    assert [str(cell.status) for cell in run.cells] == ["finished", "failed"]


def test_other_versions_are_said(project, cluster, monkeypatch):
    monkeypatch.setattr(
        steps, "versions_of", lambda _: {"ipython": "0.1", "nosuch": "1"}
    )
    found = project.workspace.pipelines.run(
        project.folder, only="prepare", on=cluster.on
    )
    notes = found.steps["prepare"].notes
    assert any("0.1 here" in note for note in notes)
    assert any("nosuch 1 is not installed on" in note for note in notes)
    run = project.workspace.get_run(found.steps["prepare"].run_id)
    assert len(run.observations["cluster"]["differs"]) == 2


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupt_reaches_the_cluster(project, cluster, tmp_path, number):
    flag = tmp_path / "flag"
    write_notebook(project.folder / "slow.ipynb", BLOCK, parameters="flag = ''")
    text = "name: demo\nsteps:\n  slow:\n    notebook: slow.ipynb\n"
    text += f"    parameters: {{flag: {flag}}}\n"
    text += "  next:\n    notebook: slow.ipynb\n    after: slow\n"
    project.write("pipeline.yaml", text)
    code = "from jupyter_mlops.cli import main; raise SystemExit(main())"
    command = subprocess.Popen(
        [sys.executable, "-c", code, "run", ".", "--on", cluster.on],
        cwd=project.folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    wait_for(flag)
    kernel = os.pidfd_open(int(flag.read_text()))
    command.send_signal(number)
    said, _ = command.communicate(timeout=120)
    assert command.returncode == 128 + number, said
    assert select.select([kernel], [], [], 60)[0]
    os.close(kernel)
    run = project.workspace.get_run(project.workspace.runs("kind = 'parent'").run_id[0])
    assert run.status is Status.CANCELLED
    told = {item["step"]: item["state"] for item in run.observations["pipeline"]}
    assert told == {"slow": "cancelled", "next": "not run"}
    (step,) = run.children
    assert step.status is Status.CANCELLED
    assert str(step.cells[-1].status) == "cancelled"


def test_nobody_at_the_address(project, monkeypatch):
    from jupyter_mlops.pipeline.clusters import dask_cluster

    monkeypatch.setattr(dask_cluster, "_PATIENCE", 1)
    with pytest.raises(ClusterError, match="No scheduler of dask answers"):
        project.workspace.pipelines.run(project.folder, on="dask://127.0.0.1:1")
    assert len(project.workspace.runs()) == 0


@pytest.mark.parametrize("address", ["", "dask://", "localhost:8786", "slurm://x:1"])
def test_wrong_addresses_are_refused(address):
    with pytest.raises(InvalidInputError, match="is no cluster"):
        scheduler_address(address)


def test_addresses_are_dasks():
    assert scheduler_address("dask://a:1") == "tcp://a:1"
    assert scheduler_address("tls://a:1") == "tls://a:1"
