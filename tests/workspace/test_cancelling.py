"""Runs that were started elsewhere are interrupted, and nobody else is."""

import json
import os
import platform
import signal
import subprocess
import sys

import pytest

from jupyter_mlops import errors
from jupyter_mlops.records import Status
from jupyter_mlops.workspace.cancelling import cancel_run, owner_of
from tests.cli.test_process import COMMAND, finished
from tests.workspace.test_background import LONG, until, write

pytestmark = [
    pytest.mark.timeout(120),
    pytest.mark.skipif(sys.platform != "linux", reason="needs /proc"),
]
BATCH = (COMMAND, "run", "long.ipynb")
SCRIPT = """import jupyter_mlops as mlops, time
with mlops.start_run("outer"), mlops.start_run("inner"):
    time.sleep(300)
"""


def ignore_interrupts():
    """As a shell does for what it starts with ``&``."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@pytest.fixture
def terminal(workspace, tmp_path):
    """Start Python elsewhere; returns its process, and its run of the name."""
    started = []

    def terminal(*words, name, **options):
        process = subprocess.Popen(
            [sys.executable, "-c", *words],
            cwd=tmp_path / "project",
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            **options,
        )
        started.append(process)

        def begun():
            found = workspace.runs(f"name = '{name}' and status = 'running'")
            return [workspace.get_run(run) for run in found["run_id"]]

        return process, until(begun)[0]

    write(tmp_path / "project" / "long.ipynb", LONG)
    yield terminal
    for process in started:
        process.kill()
        process.wait(30)


def begins_a_cell(workspace, run):
    """Wait for the cell that takes minutes."""
    until(lambda: len(workspace.get_run(run.id).cells) == 2)


def replaced(file, before, after):
    """Write other bytes of the same length in place: whoever writes it goes on."""
    before, after = before.encode(), after.encode()
    told = file.read_bytes()
    assert before in told
    assert len(after) <= len(before)
    with file.open("r+b") as opened:
        opened.seek(told.index(before))
        opened.write(after.ljust(len(before)))


def test_notebook_of_a_terminal_is_cancelled(workspace, terminal):
    process, run = terminal(*BATCH, name="long")
    begins_a_cell(workspace, run)
    told = cancel_run(workspace, run.id[:12])
    assert (told.run.id, told.process, told.job) == (run.id, process.pid, None)
    assert process.wait(60) == 130
    assert workspace.get_run(run.id).status is Status.CANCELLED
    with pytest.raises(errors.JobEndedError, match="not running any more"):
        cancel_run(workspace, run.id)
    with pytest.raises(errors.RunNotFoundError):
        cancel_run(workspace, "nothing")


def test_batch_that_is_deaf_to_interrupts_is_asked_to_end(workspace, terminal):
    process, run = terminal(*BATCH, name="long", preexec_fn=ignore_interrupts)
    begins_a_cell(workspace, run)
    cancel_run(workspace, run.id)
    assert process.wait(60) == 128 + signal.SIGTERM
    assert workspace.get_run(run.id).status is Status.CANCELLED


def test_script_is_cancelled_as_a_whole_by_the_command(workspace, terminal, tmp_path):
    process, inner = terminal(SCRIPT, name="inner")
    with pytest.raises(errors.InvalidInputError, match=r"is part of run .*outer"):
        cancel_run(workspace, inner.id)
    outer = inner.record.parent_id
    place = str(tmp_path / "project")
    code, said, _ = finished("-w", place, "cancel", "last", "--json")
    told = json.loads(said)
    assert (code, told["process"], told["run_id"]) == (0, process.pid, outer)
    process.wait(60)
    until(lambda: workspace.get_run(outer).status is Status.CANCELLED)
    code, _, said = finished("-w", place, "cancel", outer)
    assert (code, "not running any more" in said) == (1, True)


def test_script_that_is_deaf_to_interrupts_is_left_alone(workspace, terminal):
    process, inner = terminal(SCRIPT, name="inner", preexec_fn=ignore_interrupts)
    with pytest.raises(errors.OutOfReachError, match=f"'kill {process.pid}'"):
        cancel_run(workspace, inner.record.parent_id)
    assert process.poll() is None


def test_process_that_took_over_an_id_is_not_hit(workspace, terminal):
    process, inner = terminal(SCRIPT, name="inner")
    run = workspace.get_run(inner.record.parent_id)
    owner = owner_of(workspace, run)
    with subprocess.Popen(["sleep", "300"]) as stranger:
        before, after = f'"pid":{process.pid}', f'"pid":{stranger.pid}'
        replaced(owner.file, before, after)
        with pytest.raises(errors.OutOfReachError, match="not to be seen from here"):
            cancel_run(workspace, run.id)
        assert stranger.poll() is None
        stranger.kill()
    assert process.poll() is None


def test_other_users_and_machines_are_named(workspace, terminal, monkeypatch):
    process, inner = terminal(SCRIPT, name="inner")
    run = workspace.get_run(inner.record.parent_id)
    with monkeypatch.context() as patch:
        patch.setattr(os, "geteuid", lambda: 54321)
        with pytest.raises(errors.OutOfReachError, match="another user"):
            cancel_run(workspace, run.id)
    host = platform.node()
    elsewhere = "elsewhere"[: len(host)]
    owner = owner_of(workspace, run)
    replaced(owner.file, f'"host":"{host}"', f'"host":"{elsewhere}"')
    with pytest.raises(errors.OutOfReachError, match=f"is done on {elsewhere}") as told:
        cancel_run(workspace, run.id)
    assert (told.value.host, told.value.process) == (elsewhere, process.pid)
    assert process.poll() is None
