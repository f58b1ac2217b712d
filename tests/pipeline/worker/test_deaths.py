"""Cells that end their process, or do not end: only their own run fails."""

from __future__ import annotations

import os
import time

import pytest


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("import os; os._exit(3)", "ended with exit status 3"),
        ("import ctypes; ctypes.string_at(0)", "killed by SIGSEGV"),
        ("import os; os.abort()", "killed by SIGABRT"),
        ("import os; os.kill(os.getpid(), 9)", "killed by SIGKILL"),
    ],
)
def test_death_names_the_cell(run, cell, said):
    done = run("1", f"print('before')\n{cell}", "print('never')")
    assert [status for _, status, _, _ in done.outcomes] == ["finished", "failed"]
    assert done.error()[0] == "DeadKernelError"
    assert said in done.error()[1]
    assert done.text(1).startswith("before\n")
    assert run("1 + 1").cells[0].outputs[0].data["text/plain"] == "2"


def test_memory_limit_is_an_error(run):
    done = run(
        "import resource\nresource.setrlimit(resource.RLIMIT_AS, (1 << 30, -1))",
        "hoard = []\nwhile True: hoard.append(bytearray(1 << 24))",
    )
    assert done.error()[0] == "MemoryError"


def test_killed_child_of_a_cell(run):
    cell = (
        "import multiprocessing as mp, os\n"
        "p = mp.get_context('fork').Process(target=os.abort); p.start(); p.join()\n"
        "p.exitcode"
    )
    assert run(cell).cells[0].outputs[-1].data["text/plain"] == "-6"


@pytest.mark.parametrize(
    "cell",
    [
        "while True: pass",
        "import time; time.sleep(600)",
        "import numpy as np\nwhile True: np.ones((300, 300)) @ np.ones((300, 300))",
        "import asyncio\nawait asyncio.sleep(600)",
        "import subprocess; subprocess.run(['sleep', '600'])",
        "!sleep 600",
        "import threading; threading.Event().wait()",
    ],
)
def test_timeout_interrupts_the_cell(run, cell):
    began = time.monotonic()
    done = run(f"print('began')\n{cell}", "1", timeout=1)
    assert done.error()[0] == "CellTimeoutError"
    assert len(done.outcomes) == 1
    assert done.text(0).startswith("began\n")
    assert done.cells[0].outputs[-1].output_type in ("error", "stream")
    assert time.monotonic() - began < 600


def test_interrupted_cell_and_the_next(run):
    cells = ("import asyncio\nawait asyncio.sleep(600)", "import time; time.sleep(600)")
    done = run(*cells, "3", timeout=1, interrupt_on_timeout=True, allow_errors=True)
    assert [o.ename for cell in done.cells[:2] for o in cell.outputs] == [
        "CancelledError",
        "KeyboardInterrupt",
    ]
    assert done.cells[2].outputs[0].data["text/plain"] == "3"


def test_deaf_cell_is_killed(run, monkeypatch):
    monkeypatch.setattr("jupyter_mlops.pipeline.worker.work.GRACE_SECONDS", 0.5)
    cell = (
        "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass"
    )
    done = run(cell, timeout=1)
    assert done.error()[0] == "CellTimeoutError"


def test_nothing_that_a_cell_started_is_left(run, tmp_path):
    done = run(
        "import os, subprocess\n"
        "far = subprocess.Popen(['sleep', '600'], start_new_session=True)\n"
        "near = subprocess.Popen(['sleep', '600'])\n"
        "deaf = subprocess.Popen(['bash', '-c', 'trap \"\" TERM; sleep 600 & wait'])\n"
        "if os.fork() == 0:\n"
        "    os.setsid()\n"
        "    if os.fork() == 0:\n"
        "        open('daemon', 'w').write(str(os.getpid()))\n"
        "        import time; time.sleep(600)\n"
        "    os._exit(0)\n"
        "while not os.path.exists('daemon') or not open('daemon').read(): pass\n"
        "print(far.pid, near.pid, deaf.pid, open('daemon').read())"
    )
    started = [int(word) for word in done.text(0).split()]
    assert len(started) == 4
    assert not [pid for pid in started if os.path.exists(f"/proc/{pid}")]


def test_lasting_thread_does_not_hold_up(run):
    cell = "import threading\nthreading.Thread(target=threading.Event().wait, daemon=True).start()"
    assert run(cell).outcomes[0][1] == "finished"
