"""Real servers without a browser: which notebook a kernel of theirs serves."""

import json
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from jupyter_client.blocking import BlockingKernelClient

from jupyter_mlops.workspace import Workspace

pytestmark = [pytest.mark.ui, pytest.mark.timeout(180)]
CELLS = {
    "load": "%load_ext jupyter_mlops",
    "base": "x = 1",
    "tracked": "%%track\ny = x + 1",
}


@pytest.fixture
def ask():
    """Send a request to a server's REST API."""

    def ask(address, method, path, body):
        headers = {"Authorization": "token secret", "Content-Type": "application/json"}
        data = json.dumps(body).encode()
        with urlopen(
            Request(f"{address}api/{path}", data, headers, method=method)
        ) as reply:
            return json.load(reply)

    return ask


def save(path):
    cells = [
        {"cell_type": "code", "id": name, "source": text, "metadata": {}, "outputs": []}
        for name, text in CELLS.items()
    ]
    path.write_text(json.dumps({"cells": cells, "nbformat": 4, "nbformat_minor": 5}))


def run(client, name):
    """Run a cell as front ends do, its id beside it."""
    content = {"code": CELLS[name], "silent": False, "store_history": True}
    message = client.session.msg("execute_request", content, metadata={"cellId": name})
    client.shell_channel.send(message)
    reply = client.get_shell_msg(timeout=60)
    while reply["parent_header"].get("msg_id") != message["header"]["msg_id"]:
        reply = client.get_shell_msg(timeout=60)
    assert reply["content"]["status"] == "ok", reply


@pytest.mark.parametrize("application", ["lab", "notebook"])
def test_kernel_knows_its_notebook_through_a_rename(
    application, serve, ask, project, tmp_path
):
    pytest.importorskip(application.replace("lab", "jupyterlab"))
    address = serve(application)
    save(project / "churn.ipynb")
    body = {"path": "churn.ipynb", "name": "churn.ipynb", "type": "notebook"}
    kernel = ask(address, "POST", "sessions", body | {"kernel": {"name": "python3"}})[
        "kernel"
    ]
    client = BlockingKernelClient()
    client.load_connection_file(
        str(tmp_path / "runtime" / f"kernel-{kernel['id']}.json")
    )
    client.start_channels(hb=False)
    client.wait_for_ready(timeout=60)
    for name in CELLS:
        run(client, name)
    ask(address, "PATCH", "contents/churn.ipynb", {"path": "loyalty.ipynb"})
    run(client, "tracked")
    client.stop_channels()
    workspace = Workspace(project)
    runs = [
        workspace.get_run(name) for name in workspace.runs(order_by="started")["run_id"]
    ]
    assert [one.record.experiment for one in runs] == ["churn", "loyalty"]
    assert [Path(one.record.notebook).name for one in runs] == [
        "churn.ipynb",
        "loyalty.ipynb",
    ]
    assert runs[0].record.cell_id == "tracked"
    assert runs[0].observations["stamp"]["order"] == "document"
    workspace.close()
