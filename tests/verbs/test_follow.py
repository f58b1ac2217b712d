"""Looking on at runs from another process, and while this one does the work."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.pipeline.conftest import write_notebook

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
CELLS = (
    "import time",
    "for i in range(6):\n    print('line', i); time.sleep(0.3)",
    "print('end')",
)
_COMMAND = (
    "import sys; from jupyter_mlops.cli import main; sys.exit(main(sys.argv[1:]))"
)
_STEER = re.compile(rb"\x1b\[[0-9;?]*[a-zA-Z]")


@pytest.fixture
def environ():
    return {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm", "COLUMNS": "120"}


def command(*words):
    return [sys.executable, "-c", _COMMAND, *words]


def test_ended_run_is_told_at_once(workspace, mlops):
    write_notebook(workspace.layout.project / "a.ipynb", *CELLS[:1])
    workspace.notebooks.run("a.ipynb")
    found = mlops("follow")
    assert found.code == 0
    assert "a finished after" in found.out
    assert "1 of 1 cell" in found.out


def test_each_event_is_a_line_of_json(workspace, mlops):
    write_notebook(workspace.layout.project / "a.ipynb", *CELLS[:1])
    run_id = workspace.notebooks.run("a.ipynb")
    lines = mlops("follow", run_id, "--json").out.splitlines()
    events = [json.loads(line) for line in lines]
    assert [event["e"] for event in events][:2] == ["start", "plan"]
    assert events[-1]["e"] == "followed"
    assert (events[-1]["status"], events[-1]["cells"]) == ("finished", 1)


def test_failed_run_is_an_exit_code(workspace, mlops):
    run = workspace.start_run("a")
    run.end("failed")
    assert mlops("follow", run.id, "--once").code == 1


def test_last_is_the_outermost_run(workspace, mlops_json):
    with workspace.start_run("outer"), workspace.start_run("inner"):
        pass
    found = mlops_json("follow", "--once")
    assert found["name"] == "outer"
    assert [child["name"] for child in found["children"]] == ["inner"]


def test_run_is_followed_from_another_process(workspace, environ):
    folder = workspace.layout.project
    write_notebook(folder / "a.ipynb", *CELLS)
    begun = []
    with subprocess.Popen(command("run", "a.ipynb"), cwd=folder, env=environ,
                          stdout=subprocess.DEVNULL) as runner:  # fmt: skip
        while not begun and runner.poll() is None:
            begun = list((folder / ".mlops" / "journals").glob("*/*.jsonl"))
        seen = subprocess.run(
            command("follow"), cwd=folder, env=environ, capture_output=True, text=True,
            timeout=100, check=True,
        ).stdout  # fmt: skip
    assert runner.returncode == 0
    order = ["a: cell 1: for i", "line 0", "a: cell 1 finished", "a finished after"]
    places = [seen.find(word) for word in order]
    assert -1 not in places, seen
    assert places == sorted(places)


def on_a_terminal(words, folder, environ):
    """Run a command on a terminal of its own; give what that showed."""
    process, number = pty.fork()
    if process == 0:
        os.chdir(folder)
        os.execve(words[0], words, environ)
    shown = b""
    while True:
        try:
            data = os.read(number, 1 << 16)
        except OSError:
            break
        shown += data
        if not data:
            break
    os.close(number)
    _, status = os.waitpid(process, 0)
    assert status == 0, shown
    return _STEER.sub(b"", shown).decode()


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_terminal_shows_the_running_cell(workspace, environ):
    folder = workspace.layout.project
    write_notebook(folder / "a.ipynb", *CELLS)
    (folder / "pipeline.yaml").write_text(
        "name: p\nsteps:\n  one: {notebook: a.ipynb}\n"
        "  two: {notebook: a.ipynb, after: [one], cache: false}\n"
    )
    words = command("run", "pipeline.yaml")
    shown = on_a_terminal(words, folder, environ)
    assert "cell 1: for i in range(6):" in shown
    assert "line 2" in shown
    assert re.search(r"two +waiting", shown)
    # The second step knows from the first how long its cells take.
    assert re.search(r"of about \d+\.\d s", shown)
    assert "p finished: 2 finished." in shown
