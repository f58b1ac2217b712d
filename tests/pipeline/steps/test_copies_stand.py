"""What a copy of a step's process may not go on from, however well it is hidden.

Each case is one in which the restored cells would not be what they are from nothing.
"""

from __future__ import annotations

import errno
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from jupyter_mlops.pipeline.checkpoints import visitor
from jupyter_mlops.pipeline.checkpoints.keeping import held_copies
from jupyter_mlops.pipeline.checkpoints.policy import Policy
from jupyter_mlops.pipeline.steps import copies
from jupyter_mlops.store.index import RunQuery
from tests.pipeline.checkpoints.conftest import runtime_folder

from .conftest import Project
from .test_step_copies import change, fails, is_as_from_nothing, resumes

PIPELINE = """\
name: demo
steps:
  train:
    notebook: sub/train.ipynb
    outputs: {model: out/model.txt}
"""
DECLARED = "model = ''"
FIRST = "import os, time\nfrom pathlib import Path\n{}\ntime.sleep(0.15)"
BAD = "1 / 0"


@pytest.fixture(scope="module")
def place():
    with runtime_folder() as folder:
        yield folder


@pytest.fixture
def step(place, workspace, monkeypatch):
    """A step in a folder of its own, whose second cell is to fail."""
    eager = Policy(share=10.0, worth=0.0, least=0.1)
    monkeypatch.setattr(visitor, "Policy", lambda: eager)
    return made_in(Project(workspace))


def made_in(project):
    project.write("pipeline.yaml", PIPELINE)
    project.write("sub/extra.txt", "extra")
    project.write("sub/used.py", "value = 1\n")
    return project


def cells(step, first, second):
    notebook = (FIRST.format(first), second)
    step.notebook("sub/train.ipynb", *notebook, parameters=DECLARED)


def write(value):
    return f"Path(model).write_text(str({value}))"


def nothing(step):
    pass


@dataclass
class Case:
    """What a step's cells do, and what happens before and between its runs."""

    last: str
    why: str
    first: str = ""
    bad: str = BAD
    before: Callable[[Project], object] = nothing
    between: Callable[[Project], object] = nothing


def replace_folder(step):
    (step.folder / "sub").rename(step.folder / "old")
    shutil.copytree(step.folder / "old", step.folder / "sub")
    step.write("sub/extra.txt", "other")


FORKED = """\
def ask():
    import used
    return str(used.value).encode()
out, into = os.pipe()
if os.fork() == 0:
    os.write(into, ask())
    os._exit(0)
os.wait()
told = os.read(out, 9)
"""
SHARED = "import mmap\nshared = mmap.mmap(-1, 8)\nshared[:1] = b'a'"
CHILD = """\
import subprocess
Path('ma' + 'de.txt').write_text('old')
child = subprocess.Popen(['sh', '-c', 'sleep 1; echo new > $0$1', 'ma', 'de.txt'])
"""
FOLDER = """\
folder = os.open('fol' + 'der', os.O_RDONLY)
told = os.read(os.open('a', os.O_RDONLY, dir_fd=folder), 9)
"""
SCRATCH = """\
scratch = open('scra' + 'tch', 'w+')
os.unlink(scratch.name)
scratch.write('a')
scratch.flush()
"""
READ = "Path('ma' + 'de.txt').read_text()"
LOG = "Path('lo' + 'g.csv')"
APPEND = f"with {LOG}.open('a') as log: log.write('x')"


def put_package(step):
    (step.folder / "stored/used").rename(step.folder / "sub/used")


def put_folder(step):
    step.write("sub/folder/a", "one")


def put_link(step):
    step.write("one", "one")
    (step.folder / "sub/folder").mkdir()
    (step.folder / "sub/folder/a").symlink_to("../../one")


CASES = {
    "folder": Case(
        last=write("Path('ext' + 'ra.txt').read_text()"),
        between=replace_folder,
        why="its working directory",
    ),
    "forked": Case(
        first=FORKED,
        last=f"import used; {write('(told, used.value)')}",
        between=lambda step: step.write("sub/used.py", "value = 2\n"),
        why="sub/used.py changed",
    ),
    "package": Case(
        before=lambda step: step.write("stored/used/__init__.py", "value = 2\n"),
        first="import used",
        last=write("used.value"),
        between=put_package,
        why="used/__init__.py is new",
    ),
    "shared": Case(
        first=SHARED,
        bad=f"shared[:1] = b'b'; {BAD}",
        last=write("shared[:1]"),
        why="memory was shared",
    ),
    "child": Case(
        first=CHILD, last=f"child.wait(); {write(READ)}", why="a child process"
    ),
    "in folder": Case(
        before=put_folder,
        first=FOLDER,
        last=write("told"),
        between=lambda step: change(step, "sub/folder/a"),
        why="sub/folder changed",
    ),
    "link": Case(
        before=put_link,
        first=FOLDER,
        last=write("told"),
        between=lambda step: change(step, "one"),
        why="sub/folder changed",
    ),
    "removed": Case(
        first=f"{LOG}.unlink(missing_ok=True)",
        bad=f"{APPEND}\n{BAD}",
        last=f"{APPEND}\n{write(f'{LOG}.read_text()')}",
        why="log.csv changed",
    ),
    "scratch": Case(
        first=SCRATCH,
        bad=f"scratch.write('b'); scratch.flush(); {BAD}",
        last=f"scratch.seek(0); {write('scratch.read()')}",
        why="no name",
    ),
    "written": Case(
        first='os.system("n=de; printf one > ma$n.txt")',
        last=write(READ),
        between=lambda step: change(step, "sub/made.txt"),
        why="made.txt changed",
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_what_is_not_as_it_was_has_all_cells_run(step, name):
    case = CASES[name]
    case.before(step)
    cells(step, case.first, case.bad)
    run = fails(step)
    cells(step, case.first, case.last)
    case.between(step)
    found, told = resumes(step, run)
    assert (str(found.state), told["restored"]) == ("finished", 0), told
    assert case.why in told["why"]
    assert is_as_from_nothing(step)


@pytest.mark.slow
def test_database_written_beside_its_file(step):
    keeper = sqlite3.connect(step.folder / "sub/data.db", isolation_level=None)
    for words in ("pragma journal_mode=wal", "create table t (x)"):
        keeper.execute(words)
    keeper.execute("insert into t values ('a')")
    first = """import sqlite3\nasked = sqlite3.connect('da' + 'ta.db')
told = asked.execute('select x from t').fetchall()\nasked.close()"""
    cells(step, first, BAD)
    run = fails(step)
    cells(step, first, write("told"))
    keeper.execute("update t set x = 'b'")
    _, told = resumes(step, run)
    keeper.close()
    assert (told["restored"], step.read("out/model.txt")) == (0, "[('b',)]")


@pytest.mark.slow
def test_module_that_a_mended_cell_misses_is_known_to_be_missing(step):
    cells(step, "", BAD)
    run = fails(step)
    cells(step, "", f"try: import absent_one\nexcept ImportError: pass\n{write(1)}")
    found, told = resumes(step, run)
    assert told["restored"] == 3
    version = step.workspace.get_run(found.run_id).observations["version"]
    assert "absent_one" in version["trace"]["unavailable"]


@pytest.mark.slow
def test_empty_folder_in_an_output_has_all_cells_run(step):
    step.edit("pipeline.yaml", "model: out/model.txt", "model: out/model")
    first = "os.makedirs(model + '/empty')"
    cells(step, first, BAD)
    run = fails(step)
    cells(step, first, "Path(model, 'empty', 'a').write_text('a')")
    found, told = resumes(step, run)
    assert (str(found.state), told["restored"]) == ("finished", 0), found.why


@pytest.mark.slow
def test_output_whose_bytes_are_gone_has_all_cells_run(step):
    first = write("'so far'")
    cells(step, first, BAD)
    run = fails(step)
    shutil.rmtree(step.workspace.layout.folder / "blobs/sha256")
    cells(step, first, write("Path(model).read_text() + ' and on'"))
    found, told = resumes(step, run)
    assert (str(found.state), told["restored"]) == ("finished", 0), found.why
    assert step.read("out/model.txt") == "so far and on"


HANDS = """import jupyter_mlops as mlops
mlops.log_metric('auc', 0.5)
mlops.set_output('rows', [1, 2])"""


@pytest.mark.slow
def test_what_restored_cells_logged_goes_with_them_again_and_again(step):
    cells(step, HANDS, BAD)
    run = fails(step)
    for last in (f"x = 1; {BAD}", f"mlops.log_metric('f1', 0.25); {write(1)}"):
        cells(step, HANDS, last)
        found, told = resumes(step, run)
        assert told["restored"] == 3
        run = found.run_id
    assert found.metrics == {"auc": 0.5, "f1": 0.25}
    assert "rows" in found.values
    assert step.workspace.get_run(run).history("auc").shape[0] == 1


@pytest.mark.slow
def test_project_behind_a_link(place, workspace, monkeypatch):
    from jupyter_mlops.workspace import Workspace

    eager = Policy(share=10.0, worth=0.0, least=0.1)
    monkeypatch.setattr(visitor, "Policy", lambda: eager)
    link = workspace.layout.project.parent / "link"
    link.symlink_to(workspace.layout.project)
    linked = Workspace(link)
    step = made_in(Project(linked))
    first = "Path(model).write_text('a')\nnames = os.listdir('../out')"
    cells(step, first, BAD)
    run = fails(step)
    cells(step, first, "Path(model).write_text(Path(model).read_text() + 'b')")
    _, told = resumes(step, run)
    linked.close()
    assert told == {"from": run, "restored": 3}
    assert os.listdir(step.folder / "out") == ["model.txt"]


RESUMER = """
import sys
from jupyter_mlops.pipeline.checkpoints import visitor
from jupyter_mlops.pipeline.checkpoints.keeping import held_copies
from jupyter_mlops.pipeline.checkpoints.policy import Policy
from jupyter_mlops.pipeline.steps import copies
from jupyter_mlops.store.index import RunQuery
from jupyter_mlops.workspace import Workspace
from jupyter_mlops.workspace.pipelineresuming import resume_pipeline
visitor.Policy = lambda: Policy(share=10.0, worth=0.0, least=0.1)
resume_pipeline(Workspace.find("."), sys.argv[1])
"""
ENDS = """\
import signal
os.kill(int(Path('run' + 'ner').read_text()), signal.{})
time.sleep(60)"""


def is_ended(step, run, by):
    """Go on from a run in a process that its own cell ends; return the run that was."""
    cells(step, HANDS, ENDS.format(by))
    words = [sys.executable, "-c", RESUMER, run]
    with subprocess.Popen(words, cwd=step.folder, stderr=subprocess.DEVNULL) as runner:
        step.write("sub/runner", str(runner.pid))
    query = RunQuery(filter="kind = 'step'", limit=1)
    return step.workspace.run_table(query).columns["run_id"][0]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("by", "status", "restored"), [("SIGINT", "cancelled", 3), ("SIGKILL", "lost", 0)]
)
def test_restored_run_that_is_ended_loses_nothing(step, by, status, restored):
    cells(step, HANDS, BAD)
    first = fails(step)
    run = is_ended(step, first, by)
    assert str(step.workspace.get_run(run).status) == status
    cells(step, HANDS, write(1))
    found, told = resumes(step, run)
    assert (told["restored"], found.metrics) == (restored, {"auc": 0.5})
    assert "rows" in found.values
    assert is_as_from_nothing(step)


@pytest.mark.slow
def test_full_disk_at_the_failure_has_all_cells_run(step, monkeypatch):
    def is_full(*_):
        raise OSError(errno.ENOSPC, "no space left on device")

    # What was there before comes back, so what the copy had written is gone.
    step.write("out/model.txt", "mine")
    cells(step, write("'so far'"), BAD)
    with monkeypatch.context() as patched:
        patched.setattr(copies, "keep_outputs", is_full)
        run = fails(step)
    cells(step, write("'so far'"), write("Path(model).read_text() + ' and on'"))
    found, told = resumes(step, run)
    assert (str(found.state), told["restored"]) == ("finished", 0)
    assert step.read("out/model.txt") == "so far and on"


@pytest.mark.slow
def test_copy_that_is_killed_has_all_cells_run(step):
    cells(step, HANDS, BAD)
    run = fails(step)
    for held in held_copies(run):
        os.kill(held.process, signal.SIGKILL)
    cells(step, HANDS, write(1))
    found, told = resumes(step, run)
    assert (str(found.state), told["restored"]) == ("finished", 0)
    assert found.metrics == {"auc": 0.5}
