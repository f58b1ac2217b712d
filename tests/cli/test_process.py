"""The command as a process: what it imports, its streams and its signals."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[2]
COMMAND = "import sys; from jupyter_mlops.cli import main; sys.exit(main())"
HEAVY = {"IPython", "nbformat", "numpy", "pandas", "papermill", "rich", "sqlalchemy"}


def start(*words, code=COMMAND, **options):
    environ = {**os.environ, "PYTHONPATH": str(ROOT), **options.pop("environ", {})}
    return subprocess.Popen(
        [sys.executable, "-c", code, *words],
        env=environ,
        text=True,
        **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options},
    )


def finished(*words, **options):
    process = start(*words, **options)
    out, err = process.communicate()
    return process.returncode, out, err


def test_help_imports_nothing_heavy():
    code = (
        "import sys; from jupyter_mlops.cli import main; main(['--help'])\n"
        "print('LOADED', *sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    _, out, _ = finished(code=code)
    assert not HEAVY & set(out.partition("LOADED")[2].split())


def test_status_of_a_pipeline_imports_little(tmp_path, monkeypatch):
    node = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("x = 1")])
    nbformat.write(node, tmp_path / "a.ipynb")
    (tmp_path / "pipeline.yaml").write_text("steps: {a: {notebook: a.ipynb}}")
    monkeypatch.chdir(tmp_path)
    code = (
        "import sys; from jupyter_mlops.cli import main; main(['status'])\n"
        "print('LOADED', *sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    for environ, wants_rich in (({}, False), ({"FORCE_COLOR": "1"}, True)):
        _, out, _ = finished(code=code, environ=environ)
        said, _, loaded = out.partition("LOADED")
        assert "Run it with: jupyter mlops run" in said
        # With no run of this step known, the index is asked.
        found = (HEAVY - {"sqlalchemy"}) & set(loaded.split())
        assert found == ({"rich"} if wants_rich else set())


def test_broken_pipe_is_quiet(workspace):
    with workspace.start_run("x") as run:
        run.log_param("long", "y" * 5000)
    process = start("show", "last", "--json")
    process.stdout.close()
    assert process.stderr.read() == ""
    process.stderr.close()
    assert process.wait() == 128 + signal.SIGPIPE


@pytest.mark.parametrize(("no_colour", "has_colour"), [("", True), ("1", False)])
def test_colour_is_for_terminals(workspace, no_colour, has_colour):
    with workspace.start_run("x"):
        pass
    ours, theirs = pty.openpty()
    environ = {"TERM": "xterm-256color"} | ({"NO_COLOR": "1"} if no_colour else {})
    process = start("runs", stdout=theirs, environ=environ)
    os.close(theirs)
    said = os.read(ours, 65536)
    _, err = process.communicate()
    os.close(ours)
    assert err == ""
    assert (b"\x1b[3" in said) is has_colour


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 128 + signal.SIGTERM)]
)
def test_signal_cancels_the_notebook(workspace, number, code):
    project = workspace.layout.project
    node = nbformat.v4.new_notebook()
    wait = "open('began', 'w').close()\nimport threading; threading.Event().wait()"
    node.cells = [nbformat.v4.new_code_cell(wait)]
    nbformat.write(node, project / "slow.ipynb")
    os.mkfifo(project / "began")
    process = start("run", "slow.ipynb")
    (project / "began").open().close()
    process.send_signal(number)
    out, err = process.communicate()
    assert (process.returncode, out) == (code, "")
    assert err in ("Interrupted.\n", "Terminated.\n")
    assert workspace.get_run("last").status == "cancelled"
