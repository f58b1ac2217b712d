"""A runner that is interrupted or killed in the middle of a cell: real processes."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys

import pytest

from jupyter_mlops.records import Status

from .conftest import ROOT, write_notebook

RUNNER = """
import sys
from jupyter_mlops.workspace import Workspace
try:
    Workspace(sys.argv[1]).notebooks.run("slow.ipynb", output="out.ipynb")
except KeyboardInterrupt:
    sys.exit(130)
"""
# Opening the pipe waits for the test to open its end: then the cell is in its middle.
IN_THE_MIDDLE = """
import os, threading
print("working")
try:
    with open("began", "w") as pipe:
        print(os.getpid(), file=pipe)
    threading.Event().wait()
finally:
    print("cleaned up")
"""


STUBBORN = """
import os, threading
for pipe in ("began", "went_on"):
    try:
        with open(pipe, "w") as told:
            print(os.getpid(), file=told)
        threading.Event().wait()
    except KeyboardInterrupt:
        pass
"""


@pytest.fixture
def start(workspace):
    """Start a runner, and wait until its notebook is in the middle of a cell."""
    project = workspace.layout.project
    started = []

    def start(cell):
        write_notebook(project / "slow.ipynb", "print('first')", cell, "never()")
        os.mkfifo(project / "began")
        os.mkfifo(project / "went_on")
        runner = subprocess.Popen(
            [sys.executable, "-c", RUNNER, str(project)],
            cwd=project,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        kernel = os.pidfd_open(int((project / "began").read_text()))
        started.append((runner, kernel))
        return runner, kernel

    yield start
    for runner, kernel in started:
        os.close(kernel)
        runner.kill()
        runner.wait()
        runner.stdout.close()


def has_ended(pidfd):
    return bool(select.select([pidfd], [], [], 30)[0])


def test_killed_runner_leaves_its_records(workspace, start):
    runner, kernel = start(IN_THE_MIDDLE)
    runner.kill()
    runner.wait()
    run = workspace.get_run("last")
    assert run.status is Status.LOST
    first, second = run.cells
    assert (first.source, first.status) == ("print('first')", Status.FINISHED)
    assert second.status is not Status.FINISHED
    assert first.outputs[0]["text"] == "first\n"
    assert has_ended(kernel)


def test_interrupt_cancels_and_cleans_up(workspace, start):
    runner, kernel = start(IN_THE_MIDDLE)
    runner.send_signal(signal.SIGINT)
    said, _ = runner.communicate()
    assert (runner.returncode, said) == (130, "")
    assert has_ended(kernel)
    run = workspace.get_run("last")
    assert run.status is Status.CANCELLED
    _, second = run.cells
    assert second.status is Status.CANCELLED
    assert second.outputs[0]["text"] == "working\ncleaned up\n"
    assert "KeyboardInterrupt" in (workspace.layout.project / "out.ipynb").read_text()


@pytest.mark.slow
def test_second_interrupt_kills_the_kernel(workspace, start):
    runner, kernel = start(STUBBORN)
    runner.send_signal(signal.SIGINT)
    (workspace.layout.project / "went_on").read_text()
    runner.send_signal(signal.SIGINT)
    said, _ = runner.communicate()
    assert (runner.returncode, said) == (130, "")
    assert has_ended(kernel)
    run = workspace.get_run("last")
    assert (run.status, len(run.cells)) == (Status.CANCELLED, 2)
