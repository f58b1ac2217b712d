"""The real command, cancelled by real signals: complete records, nothing left alive."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys

import pytest

from jupyter_mlops.records import Status
from tests.pipeline.conftest import ROOT

pytestmark = pytest.mark.slow

COMMAND = "from jupyter_mlops.cli import main; raise SystemExit(main())"
WORK = """
import os, threading
try:
    with open(began, "w") as pipe:
        print(os.getpid(), file=pipe)
    threading.Event().wait()
finally:
    print("cleaned up")
"""
STUBBORN = """
import os, threading
for pipe in (began, "went_on"):
    try:
        with open(pipe, "w") as told:
            print(os.getpid(), file=told)
        threading.Event().wait()
    except KeyboardInterrupt:
        pass
"""


class Command:
    """A pipeline of two steps and a third that needs both, in the middle of it."""

    def __init__(self, project, code, jobs, names):
        self.project = project
        declared = "began = ''"
        project.notebook("work.ipynb", "print('first')", code, parameters=declared)
        lines = ["name: demo", "steps:"]
        for name in "ab":
            lines += [f"  {name}:", "    notebook: work.ipynb"]
            lines += [f"    parameters: {{began: began_{name}}}"]
            lines += ["    retries: {times: 3, wait: 0.1}"]
        lines += ["  last:", "    notebook: work.ipynb", "    after: [a, b]"]
        project.write("pipeline.yaml", "\n".join(lines) + "\n")
        for name in ("began_a", "began_b", "went_on"):
            os.mkfifo(project.folder / name)
        self.process = subprocess.Popen(
            [sys.executable, "-c", COMMAND, "run", ".", "--jobs", str(jobs)],
            cwd=project.folder,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        # To open a pipe waits for the cell to open its end: then it is in its middle.
        self.notebooks = [
            os.pidfd_open(int(self.told(f"began_{name}"))) for name in names
        ]

    def told(self, pipe):
        """Return what a cell writes to a pipe, when it comes to do so."""
        fd = os.open(self.project.folder / pipe, os.O_RDONLY | os.O_NONBLOCK)
        try:
            ready = select.select([fd], [], [], 60)[0]
            assert ready, self.process.poll()
            os.set_blocking(fd, True)
            return os.read(fd, 100)
        finally:
            os.close(fd)

    def end(self, *numbers):
        """Send signals, and return the exit code and what each step came to."""
        for number in numbers:
            if number != numbers[0]:
                self.told("went_on")
            self.process.send_signal(abs(number))
        self.process.communicate(timeout=60)
        for notebook in self.notebooks:
            assert select.select([notebook], [], [], 30)[0], "it is still alive"
            os.close(notebook)
        workspace = self.project.workspace
        assert "lost" not in set(workspace.runs().status)
        run = workspace.get_run(workspace.runs("kind = 'parent'").run_id[0])
        told = run.observations["pipeline"]
        self.run = run
        return self.process.returncode, {item["step"]: item["state"] for item in told}


@pytest.fixture
def start(project):
    commands = []

    def start(code, jobs, names):
        commands.append(Command(project, code, jobs, names))
        return commands[-1]

    yield start
    for command in commands:
        command.process.kill()
        command.process.wait()
        command.process.stdout.close()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_once_finishes_writing(start, number):
    command = start(WORK, 1, "a")
    states = {"a": "cancelled", "b": "not run", "last": "not run"}
    assert command.end(number) == (128 + number, states)
    assert command.run.status is Status.CANCELLED
    (step,) = command.run.children
    assert step.status is Status.CANCELLED
    *_, first, second = step.cells
    assert (first.status, second.status) == (Status.FINISHED, Status.CANCELLED)
    assert second.outputs[0]["text"] == "cleaned up\n"
    # The notebook is kept whole.
    whole = step.save_artifact("notebook.ipynb", command.project.folder / "kept.ipynb")
    assert "cleaned up" in whole.read_text()


@pytest.mark.parametrize(
    "number", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.slow)]
)
def test_once_reaches_steps_side_by_side(start, number):
    command = start(WORK, 2, "ab")
    states = {"a": "cancelled", "b": "cancelled", "last": "not run"}
    assert command.end(number) == (128 + number, states)
    assert {run.status for run in command.run.children} == {Status.CANCELLED}
    assert len(command.run.children) == 2


@pytest.mark.parametrize("jobs", [1, 2])
def test_twice_is_now(start, jobs):
    # Negative: the second one of the same kind.
    command = start(STUBBORN, jobs, "a")
    code, states = command.end(signal.SIGINT, -signal.SIGINT)
    assert code == 128 + signal.SIGINT
    assert states["a"] == "cancelled"
    assert states["last"] == "not run"
    assert command.run.status is Status.CANCELLED
    assert {run.status for run in command.run.children} == {Status.CANCELLED}


def test_killed_runner_leaves_nothing_alive(start):
    command = start(WORK, 2, "ab")
    command.process.kill()
    command.process.wait()
    for notebook in command.notebooks:
        assert select.select([notebook], [], [], 30)[0], "it is still alive"
        os.close(notebook)


def test_second_runner_meanwhile_is_refused(start):
    command = start(WORK, 1, "a")
    second = subprocess.run(
        [sys.executable, "-c", COMMAND, "run", "."],
        cwd=command.project.folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert second.returncode == 1
    assert "is being run by another process" in second.stderr
    command.end(signal.SIGINT)
    table = command.project.workspace.runs("kind = 'parent'")
    assert len(table) == 1
