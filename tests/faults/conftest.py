"""Real processes, small disks, another user, and folders compared byte by byte."""

from __future__ import annotations

import ctypes
import gc
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import traceback
from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

import jupyter_mlops as mlops
from jupyter_mlops.store import durability, journal
from jupyter_mlops.workspace import Workspace

ROOT = str(Path(mlops.__file__).parent.parent)
NOBODY = 65534
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of prctl(2)
_libc = ctypes.CDLL(None)


class Fork:
    """A forked process that does `work`; `wait` returns what went wrong in it."""

    def __init__(self, work, *args):
        self.status = None
        self._said, said = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            status = 1
            # No child outlives a test run that is broken off.
            _libc.prctl(_DIE_WITH_PARENT, signal.SIGKILL)
            try:
                work(*args)
                status = 0
            except BaseException:
                os.write(said, traceback.format_exc().encode())
            finally:
                os._exit(status)
        os.close(said)

    def wait(self):
        with os.fdopen(self._said, "rb") as said:
            text = said.read().decode()
        _, self.status = os.waitpid(self.pid, 0)
        return text

    def end(self):
        if self.status is None:
            os.kill(self.pid, signal.SIGKILL)
            self.wait()


@pytest.fixture
def fork():
    """Start a process that does some work; what is left of them ends with the test."""
    started = []

    def fork(work, *args):
        started.append(Fork(work, *args))
        return started[-1]

    yield fork
    for child in started:
        child.end()


@pytest.fixture
def script(workspace):
    """Start a Python of its own in the workspace; its code says where it is by print."""
    started = []

    def script(code):
        process = subprocess.Popen(
            [
                sys.executable,
                "-c",
                f"import os, sys\nimport jupyter_mlops as mlops\n{code}",
            ],
            cwd=workspace.layout.project,
            env=os.environ | {"PYTHONPATH": ROOT, "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield script
    for process in started:
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout, process.stderr):
            stream.close()


@pytest.fixture
def journals_of(workspace):
    """List the journal files of a run."""
    return lambda run_id: journal.journal_files(workspace.layout.journal_folder(run_id))


@pytest.fixture
def reopened(workspace):
    """Open the workspace anew, as another process would."""
    opened = []

    def reopened():
        opened.append(Workspace(workspace.layout.project))
        return opened[-1]

    yield reopened
    for again in opened:
        again.close()


@pytest.fixture
def recorded(workspace):
    """Two ended runs with two metrics of 50 points, params and an artifact each."""
    made = []
    for number in range(2):
        with mlops.start_run(
            f"run {number}", experiment="exp", params={"n": number}
        ) as run:
            for step in range(50):
                mlops.log_metrics({"a": step * number, "b": -step / 4})
            mlops.log_object("text", f"kept {number}")
            mlops.log_artifact(__file__, "file")
        made.append(run.id)
    return made


def everything(workspace):
    """All that reading gives, in a form that can be compared."""
    table = workspace.runs()
    runs = [workspace.get_run(run_id) for run_id in sorted(table["run_id"])]
    histories = [
        run.history(key).to_csv() for run in runs for key in sorted(run.metrics)
    ]
    artifacts = [run.artifact("text") for run in runs]
    return sorted(table.columns), table.to_csv(), histories, artifacts


@pytest.fixture(name="everything")
def _everything():
    return everything


def contents(folder):
    """Every file's bytes and time stamp below a folder, and all folders.

    A folder's own time also tells of work that was laid beside and taken away again.
    """
    return {
        str(path): (
            path.lstat().st_mode,
            (path.lstat().st_mtime_ns, path.read_bytes()) if path.is_file() else None,
        )
        for path in [folder, *sorted(folder.rglob("*"))]
    }


@pytest.fixture(name="contents")
def _contents():
    return contents


class SmallDisk:
    """A file system of 512 KiB, which can be filled to the last byte."""

    def __init__(self, folder):
        self.folder = folder
        self.ballast = folder / "ballast"

    def fill(self, leave=0):
        """Take all room but `leave` bytes."""
        with self.ballast.open("ab", buffering=0) as file:
            try:
                while file.write(b"\0" * 4096):
                    pass
            except OSError:
                pass
            file.truncate(max(0, file.tell() - leave))

    def make_room(self):
        self.ballast.unlink()


@pytest.fixture
def small_disk(tmp_path, monkeypatch):
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", str(folder)]
    if os.geteuid() != 0:
        pytest.skip("a small tmpfs can only be mounted by root")
    done = subprocess.run(mount, capture_output=True, text=True)
    if done.returncode:
        said = f"a small tmpfs cannot be mounted here: {done.stderr.strip()}"
        if "CI" in os.environ:
            pytest.fail(said)
        pytest.skip(said)
    monkeypatch.chdir(folder)
    yield SmallDisk(folder)
    os.chdir("/")
    # A tracked cell leaves the last word to the disk to a thread.
    for flusher in list(durability._flushers):
        flusher.flush()
    # Refused while a file on it is open: whoever forgets to close one is found.
    done = subprocess.run(["umount", str(folder)], capture_output=True, text=True)
    if done.returncode:
        subprocess.run(["umount", "-l", str(folder)], check=True)
        pytest.fail(done.stderr)


@pytest.fixture
def small(small_disk):
    """A workspace on the small disk."""
    opened = Workspace(small_disk.folder)
    yield opened
    opened.close()


@pytest.fixture
def reader(monkeypatch):
    """Run code as somebody who may read a folder but not write it; returns its output."""
    place = Path(tempfile.mkdtemp(prefix="mlops-shared-"))
    # tmp_path is closed to others.
    place.chmod(0o755)
    scratch = Path(tempfile.mkdtemp(prefix="mlops-scratch-"))
    scratch.chmod(0o777)

    def reader(folder, code):
        for path in [folder, *folder.rglob("*")]:
            path.chmod(path.stat().st_mode & ~0o222 | 0o444)
        return again(folder, code)

    def again(folder, code):
        words = [sys.executable, "-W", "error", "-c", code]
        if os.geteuid() == 0:
            words = ["setpriv", f"--reuid={NOBODY}", "--clear-groups", *words]
        environ = {"PYTHONPATH": ROOT, "HOME": "/", "TMPDIR": str(scratch)}
        done = subprocess.run(
            words, cwd=folder, env=environ, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    reader.place, reader.again, reader.scratch = place, again, scratch
    yield reader
    for path in [place, *place.rglob("*")]:
        path.chmod(path.stat().st_mode | 0o700)
    shutil.rmtree(place)
    shutil.rmtree(scratch)


@pytest.fixture
def plain_shell():
    config = Config()
    config.HistoryManager.hist_file = ":memory:"
    config.HistoryManager.enabled = False
    InteractiveShell.clear_instance()
    shell = InteractiveShell.instance(config=config, colors="nocolor")
    shell.run_line_magic("load_ext", "jupyter_mlops")
    yield shell
    shell.run_line_magic("unload_ext", "jupyter_mlops")
    shell.run_cell("%reset -f")
    shell.restore_sys_module_state()
    InteractiveShell.clear_instance()


def settle():
    """Wait for what the cards ask of the index behind a cell."""
    for thread in threading.enumerate():
        if thread.name == "mlops-bests":
            thread.join()


@pytest.fixture
def small_shell(plain_shell, small, capsys):
    """A shell on the small disk, in which one cell has been tracked."""
    plain_shell.run_cell("%%track first -e e\nfirst = 1", store_history=True)
    settle()
    capsys.readouterr()
    yield plain_shell
    settle()
    # The extension opened the workspace itself.
    for found in gc.get_objects():
        if type(found) is Workspace:
            found.close()


@pytest.fixture
def unchanged(workspace, recorded, contents):
    """Two recorded runs; afterwards every file is as it was, the index aside."""
    mlops.runs()
    journals, registry = workspace.layout.journals, workspace.layout.registry
    places = (journals, registry, workspace.layout.blobs)
    before = [contents(place) for place in places]
    yield recorded
    assert [contents(place) for place in places] == before
