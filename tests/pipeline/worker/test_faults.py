"""Runner, parent, zygote, guardian and notebook killed: real processes, nothing left."""

from __future__ import annotations

import contextlib
import os
import random
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.pipeline.conftest import ROOT

from .processes import parents_in

pytestmark = pytest.mark.slow

RUNNER = """
import sys
from pathlib import Path
from jupyter_mlops.pipeline.worker.executor import WorkerExecutor
from tests.pipeline.conftest import notebook_of
from tests.pipeline.worker.comparison import Witness
witness = Witness()
notebook = notebook_of(*sys.argv[2:])
options = {"startup_timeout": 60}
try:
    WorkerExecutor(idle_seconds=float(sys.argv[1]), options=options).execute(
        notebook, witness
    )
except KeyboardInterrupt:
    print("interrupted")
for outcome in witness.outcomes:
    print(*outcome[:3])
"""
SLEEPER = "31536123"
MEET = f"""
import os, subprocess
far = subprocess.Popen(["sleep", "{SLEEPER}"], start_new_session=True)
with open("began", "w") as pipe:
    print(os.getpid(), far.pid, file=pipe)
with open("go_on") as pipe:
    pipe.read()
"""
FORK = "import yaml, numpy"


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A runtime folder and a folder for temporary files of the test's own."""
    place = tmp_path / "runtime"
    place.mkdir(mode=0o700)
    (tmp_path / "temporary").mkdir()
    monkeypatch.chdir(tmp_path)
    os.mkfifo("began")
    os.mkfifo("go_on")
    yield place
    for process in [*parents_in(place), *sleepers()]:
        os.kill(process, signal.SIGKILL)


@pytest.fixture
def start(place):
    """Start a runner of some cells."""
    runners = []

    def start(*cells, idle=2.0):
        runner = subprocess.Popen(
            [sys.executable, "-c", RUNNER, str(idle), *cells],
            env={
                **os.environ,
                "PYTHONPATH": str(ROOT),
                "XDG_RUNTIME_DIR": str(place),
                "TMPDIR": str(place.parent / "temporary"),
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        runners.append(runner)
        return runner

    yield start
    for runner in runners:
        runner.kill()
        runner.communicate()


def sleepers():
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                words = (entry / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if words[1:2] == [SLEEPER.encode()]:
                found.append(int(entry.name))
    return found


def parent_of(process):
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return int(fields[1])


def meet():
    """Wait until the cell is in its middle; return notebook, guardian, parent."""
    notebook, _ = map(int, Path("began").read_text().split())
    guardian = parent_of(notebook)
    return notebook, guardian, parent_of(guardian)


def has_gone(*processes):
    for process in processes:
        try:
            handle = os.pidfd_open(process)
        except OSError:
            continue
        gone = select.select([handle], [], [], 20)[0]
        os.close(handle)
        if not gone:
            return False
    return True


def all_gone(place):
    """See everything end by itself, and what was being forked meanwhile."""
    while found := parents_in(place):
        if not has_gone(*found):
            return False
    return True


def is_clean(place):
    """See everything end by itself, and nothing left on disk."""
    assert all_gone(place)
    assert not sleepers()
    assert not list((place.parent / "temporary").iterdir())
    return True


def test_killed_runner_takes_its_notebook_along(place, start):
    runner = start(FORK, MEET)
    notebook, guardian, parent = meet()
    (sleeper,) = sleepers()
    runner.kill()
    assert has_gone(notebook, guardian, sleeper)
    assert Path(f"/proc/{parent}").exists()
    assert is_clean(place)
    assert not list((place / "jupyter-mlops").iterdir())


@pytest.mark.parametrize("first", ["1", FORK], ids=["parent", "zygote"])
def test_notebook_survives_whoever_forked_it(place, start, first):
    runner = start(first, MEET, "print('after')")
    *_, parent = meet()
    os.kill(parent, signal.SIGKILL)
    Path("go_on").write_text("")
    said, _ = runner.communicate(timeout=60)
    assert said.count("finished") == 3
    assert is_clean(place)


def test_all_parents_killed(place, start):
    runner = start(FORK, MEET, "print('after')")
    *_, zygote = meet()
    os.kill(parent_of(zygote), signal.SIGKILL)
    os.kill(zygote, signal.SIGKILL)
    Path("go_on").write_text("")
    said, _ = runner.communicate(timeout=60)
    assert said.count("finished") == 3
    assert is_clean(place)


@pytest.mark.parametrize("first", ["1", FORK], ids=["of_parent", "of_zygote"])
def test_killed_guardian_fails_the_run(place, start, first):
    runner = start(first, MEET)
    notebook, guardian, _ = meet()
    os.kill(guardian, signal.SIGKILL)
    said, _ = runner.communicate(timeout=60)
    assert "failed ('DeadKernelError'" in said
    assert has_gone(notebook)
    assert is_clean(place)


def test_killed_guardian_and_parents(place, start):
    runner = start(FORK, MEET)
    _, guardian, zygote = meet()
    for process in (parent_of(zygote), zygote, guardian):
        os.kill(process, signal.SIGKILL)
    said, _ = runner.communicate(timeout=60)
    assert "failed ('DeadKernelError'" in said
    assert not parents_in(place)


def test_killed_notebook_leaves_the_parent(place, start):
    runner = start(FORK, MEET)
    notebook, *_ = meet()
    os.kill(notebook, signal.SIGKILL)
    said, _ = runner.communicate(timeout=60)
    assert "killed by SIGKILL" in said
    assert start("1").communicate(timeout=60)[0] == "0 finished None\n"
    assert is_clean(place)


def test_socket_of_a_killed_parent_is_replaced(place, start):
    start("1", idle=60).communicate(timeout=60)
    (parent,) = parents_in(place)
    os.kill(parent, signal.SIGKILL)
    assert has_gone(parent)
    assert start("1").communicate(timeout=60)[0] == "0 finished None\n"
    assert is_clean(place)
    assert not list((place / "jupyter-mlops").iterdir())


def test_interrupt_at_the_terminal(place, start):
    runner = start("1", MEET)
    notebook, guardian, _ = meet()
    runner.send_signal(signal.SIGINT)
    said, _ = runner.communicate(timeout=60)
    assert "interrupted" in said
    assert "1 cancelled ('KeyboardInterrupt', '')" in said
    assert has_gone(notebook, guardian)
    assert is_clean(place)


@pytest.mark.parametrize("seed", range(6))
def test_killed_at_any_moment(place, start, seed):
    dice = random.Random(seed)
    cell = f"import subprocess\nsubprocess.Popen(['sleep', '{SLEEPER}'])\nsum(range(10**7))"
    runner = start(FORK, *[cell] * 5, idle=1.0)
    select.select([], [], [], dice.uniform(0, 3))
    victim = dice.choice([runner.pid, *parents_in(place)])
    with contextlib.suppress(ProcessLookupError):
        os.kill(victim, signal.SIGKILL)
    runner.communicate(timeout=60)
    assert is_clean(place)
