"""Pipelines from the command line: real kernels, each about a second."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time

import pytest
from rich.console import Console

from jupyter_mlops.pipeline.steps.results import State, StepResult
from jupyter_mlops.verbs.pipeline import PipelineStatus
from tests.pipeline.conftest import ROOT, write_notebook

PIPELINE = """\
name: demo
steps:
  prepare:
    notebook: prepare.ipynb
    parameters: {rows: 5}
    outputs: {table: out/table.csv}
  train:
    notebook: train.ipynb
    parameters: {rows: "${prepare.metrics.rows}", scale: "${prepare.values.scale}"}
    inputs: {table: "${prepare.outputs.table}"}
    retries: {times: 1, wait: 0.01}
"""
PREPARE = (
    "import jupyter_mlops as mlops\nfrom helper import lines",
    "with open(table, 'w') as file:\n    file.write(lines(rows))",
    "mlops.log_metric('rows', rows)\nmlops.set_output('scale', [1.5])",
)
TRAIN = (
    "import jupyter_mlops as mlops",
    "with open(table) as file:\n    found = file.read().split()",
    "%matplotlib inline\n!echo shell",
    "assert len(found) == rows and scale == [1.5]",
    "mlops.log_metric('auc', C)",
)


@pytest.fixture(autouse=True)
def _importable(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(ROOT))


@pytest.fixture
def demo(workspace):
    """A pipeline of two notebooks, in the working directory."""
    folder = workspace.layout.project
    (folder / "pipeline.yaml").write_text(PIPELINE)
    (folder / "helper.py").write_text("def lines(n):\n    return 'x\\n' * n\n")
    declared = "rows = 3\ntable = ''"
    write_notebook(folder / "prepare.ipynb", *PREPARE, parameters=declared)
    declared = "rows = 0\nC = 0.3\ntable = ''\nscale = []"
    write_notebook(folder / "train.ipynb", *TRAIN, parameters=declared)
    return folder


def states(answer):
    return {item["step"]: item["state"] for item in answer["steps"]}


def test_pipeline_runs_and_is_cached(demo, workspace, mlops, mlops_json):
    first = mlops_json("run", "pipeline.yaml")
    assert states(first) == {"prepare": "finished", "train": "finished"}
    run = workspace.get_run(first["run_id"])
    assert [child.record.kind for child in run.children] == ["step", "step"]
    prepare = workspace.get_run(first["steps"][0]["run_id"])
    assert [cell.execution_count for cell in prepare.cells] == [1, 2, 3, 4, 5]
    assert "inside" not in json.dumps([cell.source for cell in prepare.cells])
    assert states(mlops_json("run", ".")) == {"prepare": "cached", "train": "cached"}
    assert states(mlops_json("status")) == {"prepare": "cached", "train": "cached"}
    said = mlops("status", "-p", "train.C", "0.5")
    assert "C 0.3 → 0.5" in said.out
    (demo / "helper.py").write_text("# more\ndef lines(n):\n    return 'y\\n' * n\n")
    assert "prepare  runs      helper.py changed" in mlops("status").out


def test_steps_read_the_same_without_colours():
    why = ["ValueError: no [bold]such[/bold] thing\n  in cell\t3"]
    steps = {
        "prepare": StepResult(name="prepare", state=State.FINISHED, seconds=2.5),
        "train": StepResult(
            name="train", state=State.FAILED, why=why, notes=["a note " * 40]
        ),
    }
    answer = PipelineStatus("demo", steps)
    file = io.StringIO()
    console = Console(file=file, width=40, markup=False, highlight=False)
    console.print(answer.render(), soft_wrap=True)
    assert file.getvalue().splitlines() == answer.lines()
    assert "no [bold]such[/bold] thing" in file.getvalue()


def test_failed_cell_is_told(demo, mlops):
    declared = "rows = 0\nC = 0.3\ntable = ''\nscale = []"
    write_notebook(demo / "prepare.ipynb", "1", "1 / 0", parameters=declared)
    said = mlops("run", "pipeline.yaml")
    assert said.code == 1
    assert "prepare  failed" in said.out
    assert "ZeroDivisionError" in said.out
    assert "train    not run   another step failed" in said.out


def test_interrupted_command_leaves_complete_records(demo, workspace):
    code = "open('began', 'w').close()\nimport time\ntime.sleep(60)"
    write_notebook(demo / "prepare.ipynb", code, parameters="rows = 0")
    program = "from jupyter_mlops.cli import main; raise SystemExit(main())"
    process = subprocess.Popen([sys.executable, "-c", program, "run", ".", "-j", "2"])
    try:
        while not (demo / "began").exists():
            assert process.poll() is None
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 130
    finally:
        process.kill()
        process.wait()
    assert set(workspace.runs().status) == {"cancelled"}


def test_steps_end_when_the_command_is_killed(demo, workspace):
    code = "open('began', 'w').close()\nimport os, time\nopen('pid', 'w').write(str(os.getpid()))\ntime.sleep(60)"
    write_notebook(demo / "prepare.ipynb", code, parameters="rows = 0")
    program = "from jupyter_mlops.cli import main; raise SystemExit(main())"
    process = subprocess.Popen([sys.executable, "-c", program, "run", ".", "-j", "2"])
    while not (demo / "pid").exists() or not (demo / "pid").read_text():
        assert process.poll() is None
        time.sleep(0.02)
    process.kill()
    process.wait()
    kernel = int((demo / "pid").read_text())
    while is_alive(kernel):
        time.sleep(0.05)
    while "running" in set(workspace.runs().status):
        time.sleep(0.05)
    assert set(workspace.runs().status) <= {"cancelled", "lost"}


def is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    with open(f"/proc/{pid}/stat") as file:
        return file.read().split()[2] != "Z"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["run", "a.ipynb", "--only", "x"], "'--only' is for pipelines"),
        (["run", ".", "-o", "x"], "'-o' is for notebooks"),
        (["run", ".", "-p", "x.y", "1"], "no step 'x'"),
        (["run", "missing.yaml"], "no pipeline to read"),
        (["status", "missing"], "no pipeline to read"),
        (["init", "--from-notebooks", "missing"], "no folder missing"),
        (["init", "--from-notebooks", "."], "it stays as it is"),
    ],
)
@pytest.mark.usefixtures("demo")
def test_wrong_words_are_told(mlops, words, told):
    said = mlops(*words)
    assert said.code in {1, 2}
    assert told in said.err


@pytest.mark.usefixtures("demo")
def test_parameters_of_a_pipeline_are_listed(mlops):
    out = mlops("run", ".", "--help-parameters").out
    assert "prepare.rows" in out
    assert "train.C" in out


def test_proposal_is_a_pipeline(demo, mlops_json):
    (demo / "pipeline.yaml").unlink()
    answer = mlops_json("init", "--from-notebooks", ".")
    assert [item["step"] for item in answer["steps"]] == ["prepare", "train"]
    assert states(mlops_json("status"))["prepare"] == "runs"


@pytest.mark.timeout(60)
def test_step_that_takes_too_long_is_stopped(demo, mlops):
    text = "steps: {a: {notebook: a.ipynb, timeout: {step: 4}}}"
    (demo / "pipeline.yaml").write_text(text)
    write_notebook(demo / "a.ipynb", "import time", "time.sleep(100)")
    said = mlops("run", ".")
    assert said.code == 1
    assert "it took longer than the 4 s" in said.out
