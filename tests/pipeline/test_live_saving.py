"""The executed notebook on the disk while cells run, and when the runner is killed."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest

from jupyter_mlops.pipeline import saved_notebook
from jupyter_mlops.pipeline.saved_notebook import SHARE, SavedNotebook
from tests.pipeline.conftest import ROOT, notebook_of, write_notebook

pytestmark = pytest.mark.slow

RUNNER = """
import sys
from jupyter_mlops.workspace import Workspace
Workspace(sys.argv[1]).notebooks.run("a.ipynb", output="out.ipynb", engine=sys.argv[2])
"""
STREAM = "import time\nfor i in range(40):\n    print('line', i); time.sleep(0.1)"


def runner(folder, engine):
    return subprocess.Popen(
        [sys.executable, "-c", RUNNER, str(folder), engine],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
    )


def is_read(path):
    """Read a notebook as it is on the disk; torn, it would be no JSON."""
    try:
        return json.loads(path.read_bytes())
    except FileNotFoundError:
        return None


def text_of(notebook):
    cells = notebook["cells"] if notebook else []
    return "".join(
        line
        for cell in cells
        for output in cell.get("outputs", [])
        for line in output.get("text", [])
    )


@pytest.mark.parametrize("engine", ["worker", "nbclient"])
def test_streaming_cell_is_saved_again_and_again(workspace, engine):
    folder = workspace.layout.project
    write_notebook(folder / "a.ipynb", STREAM)
    seen = set()
    with runner(folder, engine) as process:
        deadline = time.monotonic() + 120
        while process.poll() is None and time.monotonic() < deadline:
            seen.add(text_of(is_read(folder / "out.ipynb")).count("line"))
            time.sleep(0.05)  # the disk is what is looked at: there is nothing to hear
    assert process.returncode == 0, process.stderr
    # Four seconds of text, saved every 1.2: whole lines, more of them each time.
    assert len(seen - {0, 40}) >= 2
    assert 40 in seen


def kill_at_some_time(folder, engine, seed):
    """Kill a runner; give what it left on the disk."""
    out = folder / "out.ipynb"
    out.unlink(missing_ok=True)
    with runner(folder, engine) as process:
        deadline = time.monotonic() + 60
        while not out.exists() and time.monotonic() < deadline:
            time.sleep(0.01)  # as above
        time.sleep(random.Random(seed).uniform(0, 3.0))  # the moment is at random
        process.send_signal(signal.SIGKILL)
    return is_read(out)


@pytest.mark.parametrize(
    "seed",
    [pytest.param(n, marks=[pytest.mark.slow] if n > 1 else []) for n in range(12)],
)
def test_killed_runner_leaves_a_whole_notebook(workspace, seed):
    folder = workspace.layout.project
    big = "print('x' * 79 * 9, sep='\\n')\n"
    write_notebook(folder / "a.ipynb", f"for _ in range(30000): {big}", STREAM)
    found = kill_at_some_time(folder, ("worker", "nbclient")[seed % 2], seed)
    nbformat.validate(nbformat.from_dict(found))
    assert len(found["cells"]) == 2


def test_what_was_half_written_is_swept(tmp_path):
    node = notebook_of("a")
    node.metadata.papermill = {}
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    left = tmp_path / f".out.ipynb.{dead.pid}.part"
    alive = tmp_path / f".out.ipynb.{os.getppid()}.part"
    other = tmp_path / ".out.ipynb.part"
    for path in (left, alive, other):
        path.touch()
    SavedNotebook(node, str(tmp_path / "out.ipynb")).notebook_start()
    assert not left.exists()
    assert alive.exists()
    assert other.exists()


def test_saving_takes_a_share_of_the_time(tmp_path, monkeypatch):
    now = [0.0]
    monkeypatch.setattr(saved_notebook.time, "monotonic", lambda: now[0])
    saves = []

    def slow(_text, _path):
        saves.append(now[0])
        now[0] += 3.0

    monkeypatch.setattr(saved_notebook, "write_text", slow)
    node = notebook_of("a")
    node.metadata.papermill = {}
    saved = SavedNotebook(node, str(Path(tmp_path) / "out.ipynb"))
    saved.save_now()
    while now[0] < 300:
        now[0] += 0.1
        saved.autosave_cell()
    assert len(saves) > 5
    assert 3.0 * len(saves) / now[0] <= SHARE + 3.0 / now[0]
