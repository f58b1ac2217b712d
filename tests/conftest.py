"""Fixtures that every room's tests share."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from pathlib import Path

import pytest

from jupyter_mlops.settings import PREFIX
from jupyter_mlops.store.layout import Layout
from jupyter_mlops.tracking import current
from jupyter_mlops.workspace import Workspace
from tests.pipeline.worker.processes import end, parents_in

MEMORY = Path("/dev/shm")
ROOM = 4 * 2**30


def pytest_configure(config):
    """Keep temporary folders in memory where there is room: no test waits for a disk.

    Figures are measured on the disk that users have.
    """
    is_free = config.option.basetemp is None and "not bench" in config.option.markexpr
    if is_free and has_room(MEMORY):
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


def pytest_collection_modifyitems(items):
    """The walks through JupyterLab come first: each is long, and none is left alone."""
    items.sort(key=lambda item: item.path.parent.name != "ui")


def pytest_collection_finish():
    """What all tests share is not looked through for garbage again and again."""
    gc.collect()
    gc.freeze()


def has_room(folder):
    try:
        found = os.statvfs(folder)
    except OSError:
        return False
    is_usable = os.access(folder, os.W_OK) and not found.f_flag & os.ST_NOEXEC
    return is_usable and found.f_bavail * found.f_frsize > ROOM


@pytest.fixture(scope="session", autouse=True)
def _own_workers(tmp_path_factory):
    """Workers of the tests' own, which end with them."""
    place = tmp_path_factory.mktemp("runtime")
    place.chmod(0o700)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(place))
        yield
    for process in parents_in(place):
        end(process)


@pytest.fixture(autouse=True)
def _clean_surroundings(monkeypatch):
    """No setting, session or open run of the caller's reaches a test."""
    for name in list(os.environ):
        if name.startswith(PREFIX) or name == "JPY_SESSION_NAME":
            monkeypatch.delenv(name)
    yield
    for run in list(current._open):
        run.end()


@pytest.fixture
def layout(tmp_path):
    layout = Layout(tmp_path / "project")
    layout.create()
    return layout


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    """A new workspace, and the working directory in it."""
    project = tmp_path / "project"
    project.mkdir(exist_ok=True)
    monkeypatch.chdir(project)
    opened = Workspace(project)
    yield opened
    opened.close()


@pytest.fixture
def git():
    """Run git in a folder, as somebody; return what it says."""

    def git(folder, *arguments):
        identity = ("-c", "user.name=a", "-c", "user.email=a@b")
        done = subprocess.run(
            ["git", "-C", folder, *identity, *arguments],
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout.strip()

    return git


@pytest.fixture
def repository(tmp_path, git):
    """A project in git, one file committed."""
    folder = tmp_path / "project"
    folder.mkdir(exist_ok=True)
    git(folder, "init", "-b", "main")
    (folder / "a.py").write_text("x = 1\n")
    git(folder, "add", "a.py")
    git(folder, "commit", "-m", "first")
    return folder


@pytest.fixture(autouse=True)
def no_watch_of_other_tests():
    """Take away what a tracked cell left that another test never let end."""
    seams = sys.modules.get("jupyter_mlops.capture.files.seams")
    if seams is not None:
        for notes in list(seams.hook._targets):
            seams.hook.end(notes)
        while seams._watches:
            seams.remove()
