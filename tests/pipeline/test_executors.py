"""Which executor a notebook gets."""

from __future__ import annotations

import json
import logging
import sys
from pathlib import Path

import pytest

from jupyter_mlops import errors
from jupyter_mlops.pipeline import executors
from jupyter_mlops.pipeline.executors import executor_for
from jupyter_mlops.pipeline.nbclient_executor import NbclientExecutor
from jupyter_mlops.pipeline.runner import run_notebook
from jupyter_mlops.pipeline.worker import service
from jupyter_mlops.pipeline.worker.executor import WorkerExecutor

from .conftest import notebook_of, write_notebook


def spec(folder, monkeypatch, **fields):
    place = folder / "kernels" / "mine"
    place.mkdir(parents=True)
    written = {"argv": [], "display_name": "x", "language": "python"} | fields
    (place / "kernel.json").write_text(json.dumps(written))
    monkeypatch.setenv("JUPYTER_PATH", str(folder))


def test_python_notebooks_go_to_the_worker():
    found = executor_for("worker", notebook_of("1"), cwd=Path("/"))
    assert isinstance(found, WorkerExecutor)
    assert isinstance(found.otherwise, NbclientExecutor)
    assert isinstance(executor_for("nbclient", notebook_of("1")), NbclientExecutor)


def test_own_kernels_variables_are_set(tmp_path, monkeypatch):
    launch = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    spec(tmp_path, monkeypatch, argv=launch, env={"MINE": "1"})
    found = executor_for("worker", notebook_of("1"), kernel_name="mine")
    assert found.environ["MINE"] == "1"


@pytest.mark.parametrize(
    "argv",
    [
        ["/usr/bin/python3", "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        [sys.executable, "-m", "bash_kernel", "-f", "{connection_file}"],
        [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}", "-v"],
    ],
)
def test_other_kernels_go_to_nbclient(tmp_path, monkeypatch, argv):
    spec(tmp_path, monkeypatch, argv=argv)
    found = executor_for("worker", notebook_of("1"), kernel_name="mine")
    assert isinstance(found, NbclientExecutor)


def test_other_systems_use_nbclient(monkeypatch):
    monkeypatch.setattr(executors.sys, "platform", "darwin")
    assert isinstance(executor_for("worker", notebook_of("1")), NbclientExecutor)


def test_unknown_engine_is_an_error(workspace):
    path = write_notebook(workspace.layout.project / "a.ipynb", "1")
    with pytest.raises(errors.InvalidInputError, match="Did you mean 'worker'"):
        workspace.notebooks.run(path, engine="woker")
    assert not list((workspace.layout.project / ".mlops" / "journals").glob("*"))


def test_setting_names_the_engine(workspace, monkeypatch):
    path = write_notebook(workspace.layout.project / "a.ipynb", "1")
    monkeypatch.setattr(executors, "ENGINES", ("none",))
    with pytest.raises(errors.InvalidInputError, match="'worker'"):
        workspace.notebooks.run(path)


def test_kernel_steps_in_without_a_worker(workspace, monkeypatch, caplog):
    def refuse(*_args):
        raise OSError("no more processes")

    path = write_notebook(workspace.layout.project / "a.ipynb", "print('ran')")
    monkeypatch.setattr(service, "_start", refuse)
    monkeypatch.setenv("NEEDS_ANOTHER", "parent")
    with caplog.at_level(logging.WARNING):
        run_id = run_notebook(
            path,
            begin_run=workspace.notebooks.begin,
            blobs=workspace.store.blobs,
            engine="worker",
        )
    found = workspace.get_run(run_id)
    assert found.cells[0].outputs[0]["text"] == "ran\n"
    assert "no more processes" in caplog.text
    why = "no worker could be had: no more processes"
    assert found.observations["engine"] == {"name": "nbclient", "why": why}


def test_record_says_why_no_worker(workspace, monkeypatch):
    monkeypatch.setattr(executors.sys, "platform", "darwin")
    path = write_notebook(workspace.layout.project / "a.ipynb", "1")
    found = workspace.get_run(workspace.notebooks.run(path, engine="worker"))
    told = found.observations["engine"]
    assert told["name"] == "nbclient"
    assert "needs Linux" in told["why"]


def test_record_says_that_worker_ran(workspace):
    path = write_notebook(workspace.layout.project / "a.ipynb", "1")
    found = workspace.get_run(workspace.notebooks.run(path, engine="worker"))
    assert found.observations["engine"] == {"name": "worker"}
