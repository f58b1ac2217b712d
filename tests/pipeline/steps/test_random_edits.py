"""Never a wrong hit: random edits, and each time the same result as from nothing."""

from __future__ import annotations

import os
import random
import shutil
import sys

import pytest

from jupyter_mlops.workspace import Workspace

from .conftest import Project, forget_modules

OUTPUTS = ("out/features.csv", "out/model.txt")
PREPARE = (
    "import importlib, os, sys\nfrom pathlib import Path",
    "sys.path.insert(0, 'lib')\nimport deep\nfrom pkg import part\nimport fakedist",
    "from helper import scale\nhidden = importlib.import_module('dyn' + 'amic')",
    "rows = [int(line) for line in Path(raw).read_text().split()]",
    "note = Path('note.txt').read_text()",
    "more = [p.read_text() for p in sorted(Path('extra').glob('*.txt'))]",
    "flag = Path('flag.txt').exists()",
    "try:\n    hint = Path('hint.txt').read_text()\nexcept FileNotFoundError:\n    hint = None",
    "try:\n    import maybe\n    may = maybe.x\nexcept ImportError:\n    may = None",
    "kind = os.environ.get('DEMO_KIND')",
    "scripted = {}\nexec(Path('script.txt').read_text(), scripted)",
    "found = [scale(row) * factor for row in rows], note, more, flag, hint, kind, may\n"
    "found += (deep.x, part.x, fakedist.x, hidden.x, scripted['x'], scale.__doc__)",
    "Path(features).write_text(repr(found))",
    "run.log_metric('rows', len(rows))",
)
NUMBERED = {
    "lib/deep.py": "x = {}\n",
    "pkg/__init__.py": "from . import part\nversion = {}\n",
    "pkg/part.py": "from .inner import base\nx = base + {}\n",
    "pkg/inner.py": "base = {}\n",
    "dynamic.py": "x = {}\n",
    "helper.py": "import inner\ndef scale(x):\n    'doc {}'\n    return x * inner.two\n",
    "inner.py": "two = {}\n",
    "note.txt": "note {}",
    "extra/a.txt": "a{}",
    "script.txt": "x = {}",
}
ABSENT = {"extra/b.txt": "b", "flag.txt": "", "hint.txt": "hint", "maybe.py": "x = 1\n"}


def number(choose):
    """A text that always has the same length."""
    return choose.randint(10, 13)


def write_number(project, choose):
    name = choose.choice(sorted(NUMBERED))
    project.write(name, NUMBERED[name].format(number(choose)))


def write_unseen(project, choose):
    """Change a file so that its size and its time stay as they were."""
    name = choose.choice(["data/raw.csv", "note.txt", "inner.py", "pkg/inner.py"])
    file = project.folder / name
    before = file.stat()
    file.write_text(file.read_text()[:-3] + f"{number(choose)}\n")
    os.truncate(file, before.st_size)
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


def write_comment(project, choose):
    name = choose.choice(["inner.py", "pkg/part.py", "lib/deep.py"])
    project.write(name, f"# {choose.random()}\n" + project.read(name))


def flip_file(project, choose):
    name = choose.choice(sorted(ABSENT))
    file = project.folder / name
    if file.exists():
        file.unlink()
    else:
        project.write(name, ABSENT[name])


def change_parameter(project, choose):
    name, low = choose.choice([("factor", 1), ("C", 1)])
    lines = project.read("pipeline.yaml").splitlines()
    value = choose.randint(low, low + 2)
    changed = [
        f"{line.split(name + ':')[0]}{name}: {value}{'}' if '{' in line else ''}"
        if f"{name}:" in line
        else line
        for line in lines
    ]
    project.write("pipeline.yaml", "\n".join(changed) + "\n")


def change_code(project, choose):
    old = choose.choice(["factor for", "factor * 1 for", "factor  for"])
    new = choose.choice(
        ["factor for", "factor * 1 for", "factor  for", "factor + 0 for"]
    )
    text = project.read("prepare.ipynb")
    project.write("prepare.ipynb", text.replace(old, new))


def change_train(project, choose):
    text = project.read("train.ipynb")
    signs = ["{C} {rows}", "{C}-{rows}", "{C}+{rows}"]
    for sign in signs:
        text = text.replace(sign, "@@")
    project.write("train.ipynb", text.replace("@@", choose.choice(signs)))


def change_variable(project, choose):
    os.environ["DEMO_KIND"] = choose.choice(["a", "b"])


def install(project, choose):
    install_version(project.folder.parent / "site-packages", number(choose))


def install_version(folder, version):
    for old in folder.glob("fakedist-*"):
        shutil.rmtree(old)
    made = folder / f"fakedist-{version}.dist-info"
    made.mkdir(parents=True)
    (made / "METADATA").write_text(f"Name: fakedist\nVersion: {version}\n\n")
    (made / "RECORD").write_text("fakedist.py,,\n")
    (folder / "fakedist.py").write_text(f"x = {version}\n")


def spoil_output(project, choose):
    file = project.folder / choose.choice(OUTPUTS)
    if not file.exists():
        return
    if choose.random() < 0.5:
        file.unlink()
    else:
        with file.open("r+") as opened:
            opened.write("#")


def revert(project, choose):
    for name, text in NUMBERED.items():
        project.write(name, text.format(10))


EDITS = (
    write_number,
    write_number,
    write_unseen,
    write_comment,
    flip_file,
    flip_file,
    change_parameter,
    change_code,
    change_train,
    change_variable,
    install,
    spoil_output,
    revert,
)


@pytest.fixture
def edited(project, monkeypatch):
    """The project with all that a result can depend on."""
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    monkeypatch.setenv("DEMO_KIND", "a")
    folder = project.folder.parent / "site-packages"
    install_version(folder, 10)
    monkeypatch.syspath_prepend(folder)
    revert(project, None)
    declared = "factor = 1\nraw = ''\nfeatures = ''"
    project.notebook("prepare.ipynb", *PREPARE, parameters=declared)
    yield project
    forget_modules(folder)


def from_nothing(project, number):
    """Run a copy of the project in a workspace of its own."""
    copy = project.folder.parent / f"copy{number}"
    shutil.copytree(
        project.folder, copy, ignore=shutil.ignore_patterns(".mlops", "out")
    )
    workspace = Workspace(copy)
    try:
        forget_modules(project.folder.parent)
        Project(workspace).run()
    finally:
        workspace.close()
    return {name: (copy / name).read_text() for name in OUTPUTS}


def run_edits(project, seed, count):
    choose = random.Random(seed)
    hits = 0
    for at in range(count):
        edits = choose.sample(EDITS, choose.randint(0, 2))
        for edit in edits:
            edit(project, choose)
        forget_modules(project.folder.parent)
        steps = project.run().steps
        assert not [item.error for item in steps.values() if item.error]
        found = {name: project.read(name) for name in OUTPUTS}
        told = {name: (str(item.state), item.why) for name, item in steps.items()}
        assert found == from_nothing(project, at), (seed, at, edits, told)
        hits += sum(state == "cached" for state, _ in told.values())
    return hits


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_random_edits_equal_runs_from_nothing(edited, seed):
    assert run_edits(edited, seed, 6) > 0


@pytest.mark.timeout(1800)
@pytest.mark.patient
@pytest.mark.parametrize("seed", range(100, 110))
def test_many_random_edits(edited, seed):
    assert run_edits(edited, seed, 40) > 0


@pytest.mark.slow
@pytest.mark.parametrize("edit", dict.fromkeys(EDITS))
def test_each_edit_by_itself(edited, edit):
    edited.run()
    choose = random.Random(1)
    for _ in range(2):
        edit(edited, choose)
    forget_modules(edited.folder.parent)
    edited.run()
    found = {name: edited.read(name) for name in OUTPUTS}
    assert found == from_nothing(edited, 0)
    forget_modules(edited.folder.parent)
    assert {str(item.state) for item in edited.run().steps.values()} == {"cached"}
