"""Processes that are killed at random moments lose nothing that was acknowledged."""

from __future__ import annotations

import mmap
import os
import random
import signal
import struct

import pytest

import jupyter_mlops as mlops
from jupyter_mlops.records import Status
from jupyter_mlops.store import journal

REPEATS = 50


def log_for_ever(returned):
    with mlops.start_run("loop"):
        count = 0
        while True:
            mlops.log_metric("m", float(count))
            count += 1
            struct.pack_into("q", returned, 0, count)


def killed_at(fork, work, target, spins=0):
    """Kill a fork once `target` of its calls returned; say how many had by then."""
    returned = mmap.mmap(-1, 8)
    child = fork(work, returned)
    while struct.unpack_from("q", returned)[0] < target:
        pass
    for _ in range(random.randrange(spins + 1)):
        pass
    os.kill(child.pid, signal.SIGKILL)
    assert child.wait() == ""
    assert os.WTERMSIG(child.status) == signal.SIGKILL
    return struct.unpack_from("q", returned)[0]


@pytest.mark.slow
def test_killed_loop_keeps_every_point(workspace, fork):
    counts = {}
    for _ in range(REPEATS):
        count = killed_at(fork, log_for_ever, random.randrange(1, 2000))
        counts[max(os.listdir(workspace.layout.journals))] = count
    lost = mlops.runs("status = 'lost'")
    assert set(lost["run_id"]) == set(counts)
    assert len(counts) == REPEATS
    for run_id, count in counts.items():
        found = mlops.get_run(run_id)
        assert found.status is Status.LOST
        points = found.history("m")
        # The call that was under way may have been written, too.
        assert len(points) in (count, count + 1)
        assert list(points["step"]) == list(points["value"]) == list(range(len(points)))


def test_killed_at_the_start_leaves_order(workspace, fork):
    for turns in range(REPEATS):
        child = fork(log_for_ever, mmap.mmap(-1, 8))
        for _ in range(random.randrange(1, 2 + turns * 500)):
            pass
        os.kill(child.pid, signal.SIGKILL)
        assert child.wait() == ""
    found = mlops.runs()
    assert set(found["status"]) <= {"lost"}
    with mlops.start_run("after"):
        mlops.log_metric("m", 1.0)
    assert list(mlops.runs("status = 'finished'")["name"]) == ["after"]


def keep_for_ever(returned):
    with mlops.start_run("keeper"):
        count = 0
        while True:
            mlops.log_object(f"o{count}", bytes([count % 256]) * 20_000)
            count += 1
            struct.pack_into("q", returned, 0, count)


def test_killed_artifacts_are_whole_or_absent(workspace, fork):
    for _ in range(10):
        count = killed_at(fork, keep_for_ever, random.randrange(1, 40))
        found = mlops.get_run("last")
        assert len(found.artifacts) in (count, count + 1)
        for number in range(count):
            assert found.artifact(f"o{number}") == bytes([number % 256]) * 20_000
    for digest in workspace.store.blobs.digests():
        workspace.store.blobs.verify(digest)


def test_killed_indexer_leaves_a_sound_index(workspace, reopened, fork, recorded):
    def index_for_ever(returned):
        again = reopened()
        while True:
            again.store.index.rebuild()
            struct.pack_into("q", returned, 0, struct.unpack_from("q", returned)[0] + 1)

    for _ in range(10):
        killed_at(fork, index_for_ever, 1, spins=2_000_000)
        with mlops.start_run("between"):
            mlops.log_metric("m", 1.0)
        assert mlops.get_run("last").metrics == {"m": 1.0}
        assert len(mlops.get_run(recorded[0]).history("a")) == 50
    assert len(mlops.runs()) == 12


def test_child_of_a_killed_run_keeps_it_running(workspace, script, journals_of):
    parent = script(
        "run = mlops.start_run('p'); mlops.log_metric('a', 1)\n"
        "if os.fork() == 0:\n"
        "    mlops.log_metric('b', 1); print(run.id); sys.stdin.readline()\n"
        "    mlops.log_metric('b', 2); os._exit(0)\n"
        "os.kill(os.getpid(), 9)"
    )
    run_id = parent.stdout.readline().strip()
    parent.wait()
    # A run is lost when nobody is left who could write to it, not before.
    assert mlops.get_run(run_id).status is Status.RUNNING
    parent.stdin.write("go\n")
    parent.stdin.close()
    assert parent.stdout.read() == ""
    assert mlops.get_run(run_id).status is Status.LOST
    assert list(mlops.get_run(run_id).history("b")["value"]) == [1, 2]
    assert not any(journal.is_being_written(path) for path in journals_of(run_id))


def test_silent_child_does_not_keep_it_running(workspace, script):
    parent = script(
        "run = mlops.start_run('p')\n"
        "if os.fork() == 0:\n"
        "    print(run.id); sys.stdin.readline()\n"
        "    mlops.log_metric('late', 7); print('logged'); sys.stdin.readline(); os._exit(0)\n"
        "os.kill(os.getpid(), 9)"
    )
    run_id = parent.stdout.readline().strip()
    parent.wait()
    # The child has not written yet, and may never do so.
    assert mlops.get_run(run_id).status is Status.LOST
    parent.stdin.write("go\n")
    parent.stdin.flush()
    assert parent.stdout.readline() == "logged\n"
    found = mlops.get_run(run_id)
    assert (found.status, found.metrics) == (Status.RUNNING, {"late": 7})
    parent.stdin.close()
    assert parent.stdout.read() == ""
    assert mlops.get_run(run_id).status is Status.LOST


def test_child_that_outlives_the_end_is_heard(workspace, script):
    parent = script(
        "run = mlops.start_run('p')\n"
        "if os.fork() == 0:\n"
        "    print(run.id); sys.stdin.readline()\n"
        "    mlops.log_metric('late', 7); os._exit(0)\n"
        "run.end(); os._exit(0)"
    )
    run_id = parent.stdout.readline().strip()
    parent.wait()
    assert mlops.get_run(run_id).status is Status.FINISHED
    parent.stdin.write("go\n")
    parent.stdin.close()
    assert parent.stdout.read() == ""
    found = mlops.get_run(run_id)
    assert (found.metrics, found.status) == ({"late": 7}, Status.FINISHED)
