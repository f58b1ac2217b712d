"""The websocket, and the thread behind it that lives only while somebody listens."""

import asyncio
import json
import threading
from urllib.parse import urlencode, urlsplit

import pytest
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.websocket import websocket_connect

from jupyter_mlops.server.places import OpenWorkspaces
from jupyter_mlops.server.watching import Watches
from jupyter_mlops.workspace import Workspace
from tests.server.conftest import conforms, cookies_of

CHANGED = {"$ref": "#/components/schemas/Changed"}
PROBLEM = {"$ref": "#/components/schemas/Problem"}


def request(server, workspace="below", token="secret"):
    place = urlsplit(server.address)
    query = urlencode({"workspace": workspace})
    headers = {"Authorization": f"token {token}"}
    return HTTPRequest(
        f"ws://{place.netloc}/mlops/api/changes?{query}", headers=headers
    )


def test_new_run_is_said(server, server_root):
    async def listen():
        socket = await websocket_connect(request(server))
        await asyncio.wait_for(socket.read_message(), 20)
        workspace = await asyncio.to_thread(Workspace, server_root / "below")
        run = workspace.start_run("said", experiment="said")
        said = [json.loads(await asyncio.wait_for(socket.read_message(), 20))]
        run.log_metrics({"auc": 0.5})
        said.append(json.loads(await asyncio.wait_for(socket.read_message(), 20)))
        run.end()
        workspace.close()
        socket.close()
        return said

    for message in asyncio.run(listen()):
        conforms(message, CHANGED)
        assert message["topics"] == ["runs"]
        assert message["workspace"] == "below"


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"token": "none"}, 403),
        ({"token": "wrong"}, 403),
        ({"workspace": "../outside"}, 404),
    ],
)
def test_socket_refuses(server, asked, status):
    async def connect():
        with pytest.raises(HTTPClientError) as refused:
            await websocket_connect(request(server, **asked))
        return refused.value.code

    assert asyncio.run(connect()) == status


def test_socket_refuses_other_origins(server):
    async def connect():
        place = urlsplit(server.address)
        cookies = "; ".join(f"{k}={v}" for k, v in cookies_of(server).items())
        sent = {"Cookie": cookies, "Origin": "http://elsewhere.example"}
        url = f"ws://{place.netloc}/mlops/api/changes?workspace=below"
        with pytest.raises(HTTPClientError) as refused:
            await websocket_connect(HTTPRequest(url, headers=sent))
        own = sent | {"Origin": f"http://{place.netloc}"}
        (await websocket_connect(HTTPRequest(url, headers=own))).close()
        return refused.value.code

    assert asyncio.run(connect()) == 403


class Ear:
    def __init__(self):
        self.heard = []
        self.has_heard = threading.Event()

    def tell(self, message):
        self.heard.append(message)
        self.has_heard.set()


@pytest.fixture
def watched(tmp_path):
    """A workspace, what watches it, and the names of threads that do."""
    workspace = Workspace(tmp_path)
    places = OpenWorkspaces(tmp_path)
    yield workspace, Watches(places)
    places.close()
    workspace.close()


def threads():
    return [one for one in threading.enumerate() if one.name.startswith("mlops-watch")]


def test_who_comes_later_is_told_as_well(watched):
    _, watches = watched
    ears = [Ear(), Ear()]
    for ear in ears:
        watches.add("", ear)
        assert ear.has_heard.wait(20)
        assert ear.heard[0]["topics"] == ["runs", "models"]
    for ear in ears:
        watches.remove("", ear)


def test_first_look_may_be_over_before_the_thread_has_begun(watched, monkeypatch):
    _, watches = watched
    start = threading.Thread.start

    def start_and_wait(thread):
        start(thread)
        if thread.name.startswith("mlops-watch"):
            heard.has_heard.wait(5)

    monkeypatch.setattr(threading.Thread, "start", start_and_wait)
    heard = Ear()
    watches.add("", heard)
    assert heard.has_heard.is_set()
    watches.remove("", heard)


def test_nobody_listens_no_thread(watched):
    _, watches = watched
    ears = [Ear(), Ear()]
    for ear in ears:
        watches.add("", ear)
    (thread,) = threads()
    watches.remove("", ears[0])
    assert threads() == [thread]
    watches.remove("", ears[1])
    thread.join(20)
    assert threads() == []


def test_other_process_indexed_first(watched):
    workspace, watches = watched
    ear = Ear()
    run = workspace.start_run("one")
    watches.add("", ear)
    assert ear.has_heard.wait(20)
    ear.has_heard.clear()
    run.log_metrics({"auc": 1.0})
    workspace.store.index.catch_up()
    assert ear.has_heard.wait(20)
    conforms(ear.heard[-1], CHANGED)
    watches.remove("", ear)
    run.end()


def test_vanished_workspace_is_told_once(watched):
    import shutil

    workspace, watches = watched
    ear = Ear()
    watches.add("", ear)
    assert ear.has_heard.wait(20)
    ear.has_heard.clear()
    workspace.close()
    shutil.rmtree(workspace.layout.folder)
    assert ear.has_heard.wait(20)
    conforms(ear.heard[-1], PROBLEM)
    watches.remove("", ear)
