"""The state that a notebook failed in, as a live kernel."""

from __future__ import annotations

import json
import os
import select
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest
from jupyter_client import BlockingKernelClient

from jupyter_mlops import errors
from tests.jupyterserver import end_server
from tests.pipeline.conftest import write_notebook
from tests.pipeline.worker.test_faults import has_gone, parent_of

pytestmark = pytest.mark.slow

FAILS = ("import sys; kept = [1, 2]", "kept.append(3); later = 1 / 0")


@pytest.fixture
def connect():
    """Connect to a kernel; return what runs code in it and gives its output."""
    clients = []

    def connect(file):
        client = BlockingKernelClient(connection_file=str(file))
        client.load_connection_file()
        client.start_channels()
        clients.append(client)
        client.wait_for_ready(timeout=60)

        def run(code):
            said = []
            client.execute_interactive(code, timeout=60, output_hook=said.append)
            found = [item["content"] for item in said]
            return "".join(
                item.get("text")
                or item.get("evalue")
                or item.get("data", {}).get("text/plain", "")
                for item in found
            )

        run.client = client
        return run

    yield connect
    for client in clients:
        client.stop_channels()


def test_failed_state_is_live(batch, connect):
    failed = batch.run(*FAILS)
    kernel = batch.workspace.notebooks.attach(failed.id)
    run = connect(kernel.file)
    assert (
        run("kept, sys.last_value")
        == "([1, 2, 3], ZeroDivisionError('division by zero'))"
    )
    assert run("!echo child") == "child\r\n"
    assert run("nothing") == "name 'nothing' is not defined"
    assert run("len(In)") == "7"


def test_connection_is_private(batch):
    kernel = batch.workspace.notebooks.attach(batch.run(*FAILS).id)
    assert kernel.after
    assert kernel.file.stat().st_mode & 0o077 == 0
    assert kernel.file.parent.stat().st_mode & 0o077 == 0


def test_attached_twice_is_one_kernel(batch):
    failed = batch.run(*FAILS)
    first = batch.workspace.notebooks.attach(failed.id)
    second = batch.workspace.notebooks.attach(failed.id)
    assert (first.is_new, second.is_new) == (True, False)
    assert first.file == second.file


def test_shut_down_leaves_nothing(batch, connect):
    kernel = batch.workspace.notebooks.attach(batch.run(*FAILS).id)
    guardian = parent_of(kernel.process)
    connect(kernel.file).client.shutdown()
    assert has_gone(kernel.process, guardian)
    assert not list(kernel.file.parent.glob(f"{kernel.file.stem}*"))


def test_interrupt(batch, connect):
    kernel = batch.workspace.notebooks.attach(batch.run(*FAILS).id)
    run = connect(kernel.file)
    client = run.client
    asked = client.execute("import time; print('began'); time.sleep(60)")
    while client.get_iopub_msg(timeout=60)["content"].get("text") != "began\n":
        pass
    client.control_channel.send(client.session.msg("interrupt_request", {}))
    reply = client._recv_reply(asked, timeout=60)
    assert reply["content"]["ename"] == "KeyboardInterrupt"


def test_state_that_is_gone(batch):
    failed = batch.run("1")
    with pytest.raises(errors.NoCheckpointError, match=r"Run .*nb.ipynb again"):
        batch.workspace.notebooks.attach(failed.id)


def answer(url, data=None):
    """Ask a server that may still be starting."""
    deadline = time.monotonic() + 120
    while True:
        try:
            with urllib.request.urlopen(url, data) as found:
                return json.load(found)
        except urllib.error.URLError:
            if time.monotonic() > deadline:
                raise
            select.select([], [], [], 0.2)


@pytest.mark.slow
def test_jupyter_server_lists_and_uses_it(batch, place, tmp_path):
    kernel = batch.workspace.notebooks.attach(batch.run(*FAILS).id)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    words = [
        "--no-browser", "--allow-root", f"--ServerApp.port={port}", "--IdentityProvider.token=t",
        "--ServerApp.allow_external_kernels=True",
        f"--ServerApp.external_connection_dir={kernel.file.parent}",
    ]  # fmt: skip
    server = subprocess.Popen(
        [sys.executable, "-m", "jupyter_server", *words],
        cwd=tmp_path,
        env={**os.environ, "JUPYTER_RUNTIME_DIR": str(tmp_path / "jupyter")},
        stderr=subprocess.DEVNULL,
    )
    try:
        listed = answer(f"{url}/api/kernels?token=t")[0]
        body = {
            "path": "a.ipynb",
            "type": "notebook",
            "name": "a",
            "kernel": {"id": listed["id"]},
        }
        made = answer(f"{url}/api/sessions?token=t", json.dumps(body).encode())
        assert made["kernel"]["id"] == listed["id"]
    finally:
        end_server(server)


def test_failed_point_of_a_sweep_is_live(place, workspace, connect):
    folder = workspace.layout.project
    write_notebook(
        folder / "n.ipynb", "rows = [1, 2]", "later = 1 / (C - 2)", parameters="C = 1"
    )
    for grid in ([1, 2, 3], [2]):  # the last one alone runs whole
        sweep = workspace.sweeps.run(
            folder / "n.ipynb", grid={"C": grid}, engine="worker"
        )
        (failed,) = [item for item in sweep.points if item.state == "failed"]
        assert bool(failed.shared) is (len(grid) > 1)
        kernel = workspace.notebooks.attach(failed.run_id)
        assert (kernel.after, kernel.cells) == (True, 3)
        run = connect(kernel.file)
        assert run("rows, C") == "([1, 2], 2)"
        assert run("later") == "name 'later' is not defined"
        told = workspace.get_run(failed.run_id).observations["checkpoints"]
        assert [item["kind"] for item in told["taken"]] == ["failed"]


def test_failed_shared_cell_is_live(place, workspace, connect):
    folder = workspace.layout.project
    write_notebook(
        folder / "n.ipynb", "rows = [1, 2]", "1 / 0", "auc = C", parameters="C = 1"
    )
    with pytest.raises(errors.NotebookFailedError) as caught:
        workspace.sweeps.run(folder / "n.ipynb", grid={"C": [1, 2]}, engine="worker")
    kernel = workspace.notebooks.attach(caught.value.run_id)
    assert connect(kernel.file)("rows") == "[1, 2]"
