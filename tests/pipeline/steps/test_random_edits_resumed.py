"""Random edits between a step's failure and its resuming: the same as from nothing.

Each time the step fails at some cell, some things change, the cell is mended, and the
step goes on. Whatever was restored, its output is that of a run of all cells. What a
child process reads under a name that no code says is not known, here as elsewhere.
"""

from __future__ import annotations

import os
import random
import shutil

import pytest

from jupyter_mlops.pipeline.checkpoints import visitor
from jupyter_mlops.pipeline.checkpoints.policy import Policy
from tests.pipeline.checkpoints.conftest import runtime_folder
from tests.pipeline.conftest import ROOT

from .conftest import Project
from .test_random_edits import install_version
from .test_step_copies import change, resumes

PIPELINE = """\
name: demo
steps:
  train:
    notebook: sub/train.ipynb
    parameters: {C: 1}
    inputs: {raw: raw.txt}
    outputs: {part: out/part.txt, model: out/model.txt}
"""
DECLARED = "C = 0\nraw = ''\npart = ''\nmodel = ''"
WAIT = "\ntime.sleep(0.06)"
CELLS = (
    "import os, sys, time\nfrom pathlib import Path\nimport fakedist, helper\n"
    "got = [C, Path(raw).read_text(), helper.value, fakedist.x]",
    "got += [Path('no' + 'te.txt').read_text(), sorted(os.listdir('fol' + 'der'))]\n"
    "got += [os.environ.get('DEMO_KIND'), Path('li' + 'nk').read_text()]",
    "try:\n    got.append(open('hi' + 'nt.txt').read())\n"
    "except FileNotFoundError:\n    got.append('no hint')\n"
    "try:\n    import maybe\n    got.append(maybe.x)\n"
    "except ImportError:\n    got.append('no module')",
    "got.append(os.popen('cat told.txt').read())\n"
    "Path('lo' + 'g.txt').unlink(missing_ok=True)\nPath(part).write_text(repr(got))",
    "from late import value\nwith open('lo' + 'g.txt', 'a') as log: log.write('x')\n"
    "got += [value, Path('lo' + 'g.txt').read_text(), Path(part).read_text()]",
)
LAST = "Path(model).write_text(repr(got))"
NUMBERED = {
    "raw.txt": "raw {}",
    "sub/helper.py": "value = {}\n",
    "sub/late.py": "value = {}\n",
    "sub/note.txt": "note {}",
    "sub/told.txt": "told {}",
    "sub/one.txt": "one {}",
    "sub/two.txt": "two {}",
    "stored/helper/__init__.py": "value = {}\n",
}
MAYBE = {"sub/hint.txt": "h", "sub/maybe.py": "x = 1\n", "sub/folder/b": ""}


def write_number(project, choose):
    name = choose.choice(sorted(NUMBERED))
    file = project.folder / name
    if file.parent.exists():
        project.write(name, NUMBERED[name].format(choose.randint(10, 13)))


def write_unseen(project, choose):
    name = choose.choice(["raw.txt", "sub/note.txt", "sub/told.txt"])
    change(project, name)


def flip_file(project, choose):
    name = choose.choice(sorted(MAYBE))
    if (project.folder / name).exists():
        (project.folder / name).unlink()
    else:
        project.write(name, MAYBE[name])


def turn_link(project, choose):
    link = project.folder / "sub/link"
    link.unlink()
    link.symlink_to(choose.choice(["one.txt", "two.txt"]))


def replace_folder(project, choose):
    shutil.rmtree(project.folder / "old", ignore_errors=True)
    (project.folder / "sub").rename(project.folder / "old")
    shutil.copytree(project.folder / "old", project.folder / "sub", symlinks=True)


def move_package(project, choose):
    here, there = project.folder / "sub/helper", project.folder / "stored/helper"
    if here.exists():
        here.rename(there)
    else:
        there.rename(here)


def change_variable(project, choose):
    os.environ["DEMO_KIND"] = choose.choice(["a", "b"])


def change_parameter(project, choose):
    text = project.read("pipeline.yaml")
    before = text[text.index("{C: ") : text.index("}", text.index("{C: "))]
    project.edit("pipeline.yaml", before, f"{{C: {choose.randint(1, 3)}")


def install(project, choose):
    install_version(project.folder.parent / "site-packages", choose.randint(10, 13))


def spoil_output(project, choose):
    file = project.folder / choose.choice(["out/part.txt", "out/model.txt"])
    if choose.random() < 0.5:
        file.unlink(missing_ok=True)
    else:
        project.write(str(file), "spoilt")


EDITS = (
    *(write_number, write_number, write_unseen, flip_file, turn_link),
    *(replace_folder, move_package, change_variable, change_parameter),
    *(install, spoil_output, spoil_output),
)


@pytest.fixture(scope="module")
def place():
    with runtime_folder() as folder:
        yield folder


@pytest.fixture
def edited(place, workspace, monkeypatch):
    eager = Policy(share=10.0, worth=0.0, least=0.01)
    monkeypatch.setattr(visitor, "Policy", lambda: eager)
    project = Project(workspace)
    folder = project.folder.parent / "site-packages"
    install_version(folder, 10)
    monkeypatch.setenv("DEMO_KIND", "a")
    monkeypatch.setenv("PYTHONPATH", f"{ROOT}:{folder}")
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    for name, text in NUMBERED.items():
        project.write(name, text.format(10))
    project.write("sub/folder/a", "")
    (project.folder / "sub/link").symlink_to("one.txt")
    project.write("pipeline.yaml", PIPELINE)
    return project


def notebook(project, at, cell):
    """Write the notebook with another cell at a place, and a new last one."""
    cells = [*CELLS, LAST]
    cells[at] = cell
    cells = [f"{item}{WAIT}" for item in cells]
    project.notebook("sub/train.ipynb", *cells, parameters=DECLARED)


def fail(project, choose, number):
    at = choose.randrange(1, len(CELLS) + 1)
    cell = [*CELLS, LAST][at]
    bad = f"{cell}\n1 / 0" if choose.random() < 0.5 else "1 / 0"
    notebook(project, at, f"number = {number}\n{bad}")
    step = project.workspace.pipelines.run(project.folder).steps["train"]
    assert str(step.state) == "failed", step.why
    return step.run_id, at, f"number = {number}\n{cell}"


@pytest.mark.timeout(1800)
@pytest.mark.parametrize(
    "seed",
    [
        pytest.param(n, marks=pytest.mark.patient if n else pytest.mark.slow)
        for n in range(30)
    ],
)
def test_resumed_steps_equal_runs_from_nothing(edited, seed):
    print(f"seed {seed}")
    choose = random.Random(seed)
    restored = 0
    for number in range(8):
        run, at, mended = fail(edited, choose, number)
        edits = choose.sample(EDITS, choose.choice([0, 1, 1, 2]))
        for edit in edits:
            edit(edited, choose)
        notebook(edited, at, mended)
        found, told = resumes(edited, run)
        assert str(found.state) == "finished", (seed, number, edits, found.why)
        made = edited.read("out/model.txt")
        edited.workspace.pipelines.run(edited.folder, force=True)
        assert edited.read("out/model.txt") == made, (seed, number, edits, told)
        restored += told["restored"] > 0
        print(number, at, [item.__name__ for item in edits], told)
    assert restored
