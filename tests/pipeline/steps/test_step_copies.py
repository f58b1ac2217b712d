"""Steps gone on with at the cell that failed: only if all that was met is as it was."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

import jupyter_mlops
from jupyter_mlops import errors
from jupyter_mlops.pipeline.checkpoints import visitor
from jupyter_mlops.pipeline.checkpoints.keeping import held_copies
from jupyter_mlops.pipeline.checkpoints.policy import Policy
from jupyter_mlops.store.index import RunQuery
from jupyter_mlops.workspace.pipelineresuming import resume_pipeline
from tests.pipeline.checkpoints.conftest import runtime_folder
from tests.workspace.test_background import ended

from .conftest import Project

PIPELINE = """\
name: demo
steps:
  train:
    notebook: train.ipynb
    parameters: {C: 0.5}
    inputs: {raw: raw.csv}
    outputs: {part: out/part.txt, model: out/model.txt}
"""
DECLARED = "C = 1.0\nraw = ''\npart = ''\nmodel = ''"
MEETS = """\
import os, time
from pathlib import Path
import used
rows = Path(raw).read_text()
extra = Path('ext' + 'ra.txt').read_text()
names = sorted(os.listdir('folder'))
try:
    option = open('option.txt').read()
except FileNotFoundError:
    option = 'none'
told = os.popen('cat told.txt').read()
flag = os.environ.get('STEP_FLAG', 'unset')
Path(part).write_text(extra)
time.sleep(0.15)
"""
WRITES = "Path(model).write_text(repr((C, rows, extra, names, option, told, flag, "
GOOD = f"{WRITES}used.value, Path(part).read_text())))"
BAD = f"1 / 0; {GOOD}"


@pytest.fixture(scope="module")
def place():
    with runtime_folder() as folder:
        yield folder


@pytest.fixture
def step(place, workspace, monkeypatch):
    """A step whose second cell fails."""
    eager = Policy(share=10.0, worth=0.0, least=0.1)
    monkeypatch.setattr(visitor, "Policy", lambda: eager)
    monkeypatch.delenv("STEP_FLAG", raising=False)
    made = Project(workspace)
    for name in ("raw.csv", "extra.txt", "told.txt", "folder/a"):
        made.write(name, name)
    made.write("used.py", "value = 1\n")
    made.write("later.py", "value = 77\n")
    made.write("pipeline.yaml", PIPELINE)
    made.notebook("train.ipynb", MEETS, BAD, parameters=DECLARED)
    return made


def fails(project, **options):
    found = project.workspace.pipelines.run(project.folder, **options).steps["train"]
    assert str(found.state) == "failed", found.why
    return found.run_id


def resumes(project, run, *given, **options):
    found = resume_pipeline(project.workspace, run, *given, **options).steps["train"]
    told = project.workspace.get_run(found.run_id).observations["resumed"]
    return found, told


def is_as_from_nothing(project):
    """Compare what was made, and what stands as known, with a run of all cells."""
    made = project.read("out/model.txt")
    steps = project.workspace.pipelines.status(project.folder)
    assert {str(item.state) for item in steps.values()} == {"cached"}
    again = project.workspace.pipelines.run(project.folder, force=True)
    assert {str(item.state) for item in again.steps.values()} == {"finished"}
    return project.read("out/model.txt") == made


def test_mended_cell_goes_on_and_counts_as_known(step):
    run = fails(step)
    assert not (step.folder / "out/model.txt").exists()
    step.notebook("train.ipynb", f"{MEETS}# same", GOOD, parameters=DECLARED)
    found, told = resumes(step, run)
    assert told == {"from": run, "restored": 3}
    assert found.notes[0] == f"3 cells restored from run {run}"
    assert held_copies(run) == held_copies(found.run_id) == []
    assert is_as_from_nothing(step)


def change(step, name):
    """Change a file so that neither its size nor its time tells."""
    before = os.stat(step.folder / name)
    step.write(name, step.read(name)[::-1])
    os.utime(step.folder / name, ns=(before.st_atime_ns, before.st_mtime_ns))


CHANGES = {
    "input": (lambda step: step.write("raw.csv", "other"), "its input 'raw' changed"),
    "read": (lambda step: change(step, "extra.txt"), "extra.txt changed"),
    "named": (lambda step: change(step, "told.txt"), "told.txt, which its code names"),
    "appeared": (lambda step: step.write("option.txt", "set"), "option.txt"),
    "listed": (lambda step: step.write("folder/b", ""), "the files in folder"),
    "module": (lambda step: step.write("used.py", "value = 2\n"), "used.py changed"),
}


@pytest.mark.parametrize(
    "name",
    [
        "read",
        *(pytest.param(n, marks=pytest.mark.slow) for n in CHANGES if n != "read"),
    ],
)
def test_whatever_was_met_and_changed_has_all_cells_run(step, name):
    run = fails(step)
    step.notebook("train.ipynb", MEETS, GOOD, parameters=DECLARED)
    edit, words = CHANGES[name]
    edit(step)
    _, told = resumes(step, run)
    assert told["restored"] == 0
    assert words in told["why"]
    assert is_as_from_nothing(step)


@pytest.mark.slow
def test_changed_variable_has_all_cells_run(step, monkeypatch):
    run = fails(step)
    step.notebook("train.ipynb", MEETS, GOOD, parameters=DECLARED)
    monkeypatch.setenv("STEP_FLAG", "set")
    _, told = resumes(step, run)
    assert (told["restored"], told["why"]) == (
        0,
        "the environment variable STEP_FLAG changed",
    )
    assert "'set'" in step.read("out/model.txt")


@pytest.mark.slow
def test_variable_that_only_a_new_cell_names_is_looked_at(step, monkeypatch):
    run = fails(step)
    cells = (MEETS, f"{GOOD}; print(os.environ['OTHER_FLAG'])")
    step.notebook("train.ipynb", *cells, parameters=DECLARED)
    monkeypatch.setenv("OTHER_FLAG", "set")
    assert "OTHER_FLAG" in resumes(step, run)[1]["why"]


@pytest.mark.slow
def test_changed_parameter_has_all_cells_run(step):
    run = fails(step)
    step.notebook("train.ipynb", MEETS, GOOD, parameters=DECLARED)
    _, told = resumes(step, run, {"C": 0.75})
    assert told["why"] == "its parameter 'C' changed"
    assert step.read("out/model.txt").startswith("(0.75")


@pytest.mark.slow
@pytest.mark.parametrize("is_new", [False, True])
def test_module_of_a_mended_cell(step, is_new):
    run = fails(step)
    name = "fresh" if is_new else "later"
    mended = f"import {name} as used; {GOOD}"
    if is_new:
        step.write("fresh.py", "value = 77\n")
    step.notebook("train.ipynb", MEETS, mended, parameters=DECLARED)
    _, told = resumes(step, run)
    assert told["restored"] == (0 if is_new else 3)
    assert "77" in step.read("out/model.txt")
    assert is_as_from_nothing(step)


@pytest.mark.slow
def test_output_that_is_written_after_the_copy_is_not_taken_for_its(step):
    twice = f"Path(part).write_text('later'); {BAD}"
    step.notebook("train.ipynb", MEETS, twice, parameters=DECLARED)
    run = fails(step)
    step.notebook("train.ipynb", MEETS, GOOD, parameters=DECLARED)
    _, told = resumes(step, run)
    assert told["why"].startswith("an output was written to after the copy was made")
    assert is_as_from_nothing(step)


@pytest.mark.slow
def test_open_output_has_all_cells_run(step):
    opened = f"{MEETS}\nhandle = open(model, 'w'); handle.write('so far')"
    mended = "handle.write(', and on'); handle.close()"
    step.notebook("train.ipynb", opened, "1 / 0", parameters=DECLARED)
    run = fails(step)
    step.notebook("train.ipynb", opened, mended, parameters=DECLARED)
    _, told = resumes(step, run)
    assert "model.txt was open" in told["why"] or "written to after" in told["why"]
    assert step.read("out/model.txt") == "so far, and on"


@pytest.mark.slow
def test_goes_on_again_after_a_second_failure(step):
    first = fails(step)
    step.notebook("train.ipynb", MEETS, f"x = 1; {BAD}", parameters=DECLARED)
    found, told = resumes(step, first)
    assert (str(found.state), told["restored"]) == ("failed", 3)
    step.notebook("train.ipynb", MEETS, GOOD, parameters=DECLARED)
    found, told = resumes(step, found.run_id)
    assert (str(found.state), told["restored"]) == ("finished", 3)
    assert is_as_from_nothing(step)


@pytest.mark.slow
def test_earlier_outputs_are_back_when_it_fails_again(step):
    step.write("out/part.txt", "mine")
    run = fails(step)
    assert step.read("out/part.txt") == "mine"
    found, told = resumes(step, run)
    assert (str(found.state), told["restored"]) == ("failed", 3)
    assert step.read("out/part.txt") == "mine"


@pytest.mark.slow
def test_side_by_side_and_from_a_cell(step):
    run = fails(step, jobs=2)
    step.notebook("train.ipynb", MEETS, GOOD, parameters=DECLARED)
    _, told = resumes(step, run, from_cell="0")
    assert told["restored"] == 0
    step.notebook("train.ipynb", MEETS, f"y = 2; {BAD}", parameters=DECLARED)
    run = fails(step, jobs=2)
    step.notebook("train.ipynb", MEETS, f"y = 2; {GOOD}", parameters=DECLARED)
    assert resumes(step, run)[1] == {"from": run, "restored": 3}


@pytest.mark.slow
def test_retried_attempt_leaves_no_copies(step):
    step.edit("pipeline.yaml", "    inputs", "    retries: 1\n    inputs")
    last = fails(step)
    children = step.workspace.get_run(step.workspace.get_run(last).record.parent_id)
    first, second = children.children
    assert held_copies(first.id) == []
    assert held_copies(second.id) != []


@pytest.mark.slow
def test_python_face_and_background_take_a_step(step, monkeypatch):
    run = fails(step)
    job = step.workspace.background.start_resume(run, from_cell="2")
    told = ended(step.workspace, job)
    assert (told.kind, told.target, told.state) == ("resume", run, "failed")
    step.notebook("train.ipynb", MEETS, GOOD, parameters=DECLARED)
    monkeypatch.chdir(step.folder)
    found = jupyter_mlops.resume(run).steps["train"]
    assert found.notes == [f"3 cells restored from run {run}"]
    with pytest.raises(errors.InvalidInputError, match="notebooks run alone"):
        jupyter_mlops.resume(run, timeout=3)
    with pytest.raises(errors.InvalidInputError, match="No code cell has the id"):
        jupyter_mlops.resume(run, from_cell="nothing")


@pytest.mark.slow
def test_killed_runner_leaves_what_is_needed(step):
    kill = "os.kill(int(os.environ['RUNNER']), signal.SIGKILL); time.sleep(60)"
    cells = (MEETS, f"import signal; {kill}")
    step.notebook("train.ipynb", *cells, parameters=DECLARED)
    run = killed(step)
    assert str(step.workspace.get_run(run).status) == "lost"
    step.notebook("train.ipynb", MEETS, GOOD, parameters=DECLARED)
    found, told = resumes(step, run)
    assert (str(found.state), told) == ("finished", {"from": run, "restored": 3})
    assert is_as_from_nothing(step)


RUNNER = """
import os
from jupyter_mlops.pipeline.checkpoints import visitor
from jupyter_mlops.pipeline.checkpoints.policy import Policy
from jupyter_mlops.workspace import Workspace
visitor.Policy = lambda: Policy(share=10.0, worth=0.0, least=0.1)
os.environ["RUNNER"] = str(os.getpid())
Workspace.find(".").pipelines.run(".")
"""


def killed(step):
    """Run the pipeline in a process that its own notebook kills; return its step."""
    done = subprocess.run([sys.executable, "-c", RUNNER], cwd=step.folder, check=False)
    assert done.returncode == -signal.SIGKILL
    query = RunQuery(filter="kind = 'step'", limit=1)
    return step.workspace.run_table(query).columns["run_id"][0]
