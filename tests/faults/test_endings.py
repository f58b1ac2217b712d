"""How a run ends that nobody ended, by the way its process went."""

from __future__ import annotations

import signal

import pytest

import jupyter_mlops as mlops
from jupyter_mlops.records import Status

FAILED, CANCELLED = Status.FAILED, Status.CANCELLED
FINISHED, LOST = Status.FINISHED, Status.LOST

ENDINGS = {
    "end of script": ("pass", FINISHED, None),
    "sys.exit()": ("sys.exit()", FINISHED, None),
    "exception": ("1 / 0", FAILED, "ZeroDivisionError"),
    "interrupt": (
        "import signal; signal.raise_signal(2)",
        CANCELLED,
        "KeyboardInterrupt",
    ),
    "os._exit": ("os._exit(0)", LOST, None),
    "abort": ("os.abort()", LOST, None),
    "exec": ("os.execvp('true', ['true'])", LOST, None),
    "caught": ("try: 1 / 0\nexcept ZeroDivisionError: pass", FINISHED, None),
    # The interpreter does not tell its exit code: without a block this is an end.
    "sys.exit(3)": ("sys.exit(3)", FINISHED, None),
    "sys.exit(3) in a block": ("with run: sys.exit(3)", FAILED, "SystemExit"),
    "sys.exit(0) in a block": ("with run: sys.exit(0)", FINISHED, None),
    "thread": (
        "import threading; t = threading.Thread(target=lambda: 1 / 0); t.start(); t.join()",
        FINISHED,
        None,
    ),
}


@pytest.mark.parametrize("how", ENDINGS)
def test_end_of_process_tells(workspace, script, how):
    code, status, error = ENDINGS[how]
    process = script(f"run = mlops.start_run('x'); mlops.log_metric('m', 1)\n{code}")
    process.wait()
    found = mlops.get_run("last")
    assert (found.status, found.metrics) == (status, {"m": 1})
    assert (found.record.error.name if found.record.error else None) == error


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_signalled_run_is_lost(workspace, script, number):
    # Python ends without a word on these; who wants an end handles the signal.
    process = script(
        "mlops.start_run('x'); mlops.log_metric('m', 1); print('on'); sys.stdin.read()"
    )
    assert process.stdout.readline() == "on\n"
    assert mlops.get_run("last").status is Status.RUNNING
    process.send_signal(number)
    assert process.wait() == -number
    found = mlops.get_run("last")
    assert (found.status, found.metrics) == (LOST, {"m": 1})


def test_handled_signal_ends_the_run(workspace, script):
    process = script(
        "import signal; signal.signal(signal.SIGTERM, lambda *_: sys.exit('told to go'))\n"
        "with mlops.start_run('x'):\n    print('on'); sys.stdin.read()"
    )
    assert process.stdout.readline() == "on\n"
    process.terminate()
    process.wait()
    found = mlops.get_run("last")
    assert (found.status, found.record.error.value) == (FAILED, "told to go")


def test_nested_runs_all_end(workspace, script):
    process = script(
        "outer = mlops.start_run('outer'); inner = mlops.start_run('inner')\n"
        "mlops.log_metric('m', 1); 1 / 0"
    )
    process.wait()
    table = mlops.runs(order_by="started").set_index("name")
    assert list(table["status"]) == ["failed", "failed"]
    assert list(table.index) == ["outer", "inner"]
    assert (
        mlops.get_run(table["run_id"]["inner"]).record.parent_id
        == table["run_id"]["outer"]
    )


def test_error_before_the_run_is_not_its_own(workspace, script):
    # As in a notebook, where a cell fails and the next one begins a run.
    process = script(
        "import code\nshell = code.InteractiveConsole({'mlops': mlops})\n"
        "shell.push('1 / 0')\nshell.push('run = mlops.start_run()')\n"
    )
    assert process.wait() == 0
    assert "ZeroDivisionError" in process.stderr.read()
    assert mlops.get_run("last").status is FINISHED


def test_error_within_the_run_is_its_own(workspace, script):
    process = script(
        "import code\nshell = code.InteractiveConsole({'mlops': mlops})\n"
        "shell.push('run = mlops.start_run()')\nshell.push('1 / 0')\n"
    )
    process.wait()
    assert mlops.get_run("last").record.error.name == "ZeroDivisionError"


def test_forked_child_does_not_end_the_run(workspace, script):
    process = script(
        "run = mlops.start_run('x')\n"
        "if os.fork() == 0:\n    mlops.log_metric('m', 1); sys.exit()\n"
        "os.wait(); print('child gone'); sys.stdin.readline()"
    )
    assert process.stdout.readline() == "child gone\n"
    found = mlops.get_run("last")
    assert (found.status, found.metrics) == (Status.RUNNING, {"m": 1})
    process.stdin.write("\n")
    process.stdin.close()
    assert process.wait() == 0
    assert mlops.get_run("last").status is FINISHED
