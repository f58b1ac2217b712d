"""Runs leave no file open and no thread alive."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

import jupyter_mlops as mlops
from jupyter_mlops.errors import StoreWriteError


def open_files():
    found = [Path("/proc/self/fd", name) for name in os.listdir("/proc/self/fd")]
    # The listing itself took one, which is closed by now.
    return sorted(str(path.readlink()) for path in found if path.is_symlink())


def ended_threads():
    for thread in threading.enumerate():
        if thread.name.startswith("mlops-"):
            # It rests when nothing is left to do; that is to happen, and soon.
            thread.join(30)
    return threading.enumerate()


def test_many_runs_leave_nothing_open(workspace):
    def one(number):
        with mlops.start_run("x", params={"n": number}):
            mlops.log_metric("m", number)
            mlops.log_object("o", f"text {number}")

    one(-1)
    mlops.runs()
    threads, files = ended_threads(), open_files()
    for number in range(300):
        one(number)
        assert (
            sum(thread.name == "mlops-flusher" for thread in threading.enumerate()) <= 1
        )
    assert len(mlops.runs()) == 301
    assert ended_threads() == threads
    assert open_files() == files


def test_refused_runs_leave_nothing_open(workspace, monkeypatch):
    real = os.write
    mlops.start_run("first").end()
    files = open_files()
    monkeypatch.setattr(os, "write", lambda fd, data: real(fd, data[:0]))
    for _ in range(20):
        with pytest.raises(StoreWriteError):
            mlops.start_run("none")
    monkeypatch.undo()
    assert open_files() == files
    assert len(os.listdir(workspace.layout.journals)) == 1


def test_threads_that_join_share_one_journal(workspace, journals_of):
    with mlops.start_run("x") as run:
        joined = type(run).join(workspace.store, workspace.formats, run.id)
        gate = threading.Barrier(8)

        def work(number):
            gate.wait()
            joined.log_metric("m", number, step=number)

        threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        joined.end()
    assert len(journals_of(run.id)) == 2
    assert list(mlops.get_run(run.id).history("m")["value"]) == list(range(8))
