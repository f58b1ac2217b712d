"""A real Jupyter server with our routes, its users, and a contract for its answers."""

from __future__ import annotations

import http.client
import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from jsonschema import Draft202012Validator

from jupyter_mlops.workspace import Workspace
from tests.jupyterserver import address_of, end_server

API = json.loads(
    (Path(__file__).parents[2] / "jupyter_mlops/server/openapi.json").read_text()
)
CONFIG = """
from jupyter_server.auth import Authorizer, IdentityProvider, User

TOKENS = {"secret": "owner", "look": "reader", "none": "stranger"}

class Users(IdentityProvider):
    def get_user_token(self, handler):
        name = TOKENS.get(self.get_token(handler))
        return User(name) if name else None

class Rights(Authorizer):
    def is_authorized(self, handler, user, action, resource):
        if resource != "jupyter_mlops":
            return True
        return user.username == "owner" or (
            user.username == "reader" and action == "read"
        )

c.ServerApp.identity_provider_class = Users
c.ServerApp.authorizer_class = Rights
c.ServerApp.jpserver_extensions = {
    "jupyter_mlops.server": True, "jupyterlab": False, "jupyter_lsp": False,
    "notebook": False, "notebook_shim": False, "jupyter_server_terminals": False,
}
"""


@dataclass
class Answer:
    status: int
    headers: dict
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)


class Server:
    """Sends requests as somebody; every JSON answer must be as openapi.json says."""

    def __init__(self, address, root):
        self.address = address
        self.root = root
        place = urlsplit(address)
        self._where = (place.hostname, place.port)

    def ask(
        self, route, query=(), *, method="GET", token="secret", body=None, headers=()
    ):
        path = f"/mlops/api/{route}" + (f"?{urlencode(query)}" if query else "")
        sent = dict(headers) | ({"Authorization": f"token {token}"} if token else {})
        connection = http.client.HTTPConnection(*self._where, timeout=30)
        data = json.dumps(body) if isinstance(body, dict) else body
        connection.request(method, path, data, sent)
        reply = connection.getresponse()
        answer = Answer(reply.status, dict(reply.getheaders()), reply.read())
        connection.close()
        check(route, method, answer)
        return answer

    def get(self, route, **query):
        answer = self.ask(route, query)
        assert answer.status == 200, answer.body
        return answer.json


def check(route, method, answer):
    """Hold an answer against what openapi.json says of its route."""
    kind = answer.headers.get("Content-Type", "")
    if not answer.body or not kind.startswith("application/json"):
        return
    operation = operation_of(route).get(method.lower())
    told = (operation or {}).get("responses", {})
    if str(answer.status) not in told and answer.status < 400:
        raise AssertionError(f"{method} {route}: {answer.status} is not told")
    shape = told.get(str(answer.status)) if answer.status < 400 else None
    schema = (
        shape["content"]["application/json"]["schema"]
        if shape
        else {"$ref": "#/components/schemas/Error"}
    )
    conforms(answer.json, schema)


def operation_of(route):
    for template, operations in API["paths"].items():
        pattern = re.sub(r"\{[^}]+\}", "[^/]+", template)
        if re.fullmatch(pattern, f"/{route}"):
            return operations
    return {}


def conforms(value, schema):
    Draft202012Validator(schema | {"components": API["components"]}).validate(value)


@pytest.fixture(scope="session")
def server_root(tmp_path_factory):
    """What the server shows: a workspace in its root, one below, one outside."""
    place = tmp_path_factory.mktemp("served")
    root = place / "root"
    for folder in (root, root / "below" / "deep", place / "outside"):
        folder.mkdir(parents=True)
    for project in (root, root / "below", place / "outside"):
        workspace = Workspace(project)
        fill(workspace)
        workspace.close()
    return root


def fill(workspace):
    for number in range(3):
        run = workspace.start_run(
            f"fit {number}",
            experiment="fits",
            params={"C": 10.0**number, "kernel": "rbf"},
            tags={"team": "risk"},
        )
        for step in range(500):
            run.log_metrics({"loss": 1 / (step + 1)}, step=step)
        run.log_metrics({"loss": -1.0}, step=250)
        run.log_metrics({"odd": float("nan"), "auc": 0.5 + number / 10})
        run.log_artifact(__file__, "tests")
        run.end()


@pytest.fixture(scope="session")
def server(server_root, tmp_path_factory):
    """Start it; return what asks it."""
    place = tmp_path_factory.mktemp("jupyter")
    (place / "config").mkdir()
    (place / "config" / "jupyter_server_config.py").write_text(CONFIG)
    environ = os.environ | {
        "JUPYTER_CONFIG_DIR": str(place / "config"),
        "JUPYTER_DATA_DIR": str(place / "data"),
        "JUPYTER_RUNTIME_DIR": str(place / "runtime"),
    }
    words = [sys.executable, "-m", "jupyter", "server", "--allow-root", "--no-browser"]
    words += ["--port=0", f"--ServerApp.root_dir={server_root}"]
    with (place / "log").open("w") as log:
        process = subprocess.Popen(words, env=environ, stdout=log, stderr=log)
    try:
        yield Server(address_of(place / "runtime", process), server_root)
    finally:
        end_server(process)


def cookies_of(server):
    """Log in by cookie, as a browser does."""
    place = urlsplit(server.address)
    connection = http.client.HTTPConnection(place.hostname, place.port)
    connection.request("GET", "/tree?token=secret")
    reply = connection.getresponse()
    found = reply.headers.get_all("Set-Cookie")
    connection.close()
    cookies = dict(line.partition(";")[0].split("=", 1) for line in found)
    if "_xsrf" not in cookies:
        connection.request(
            "GET",
            "/login",
            headers={"Cookie": "; ".join(f"{k}={v}" for k, v in cookies.items())},
        )
        reply = connection.getresponse()
        more = reply.headers.get_all("Set-Cookie") or []
        cookies |= dict(line.partition(";")[0].split("=", 1) for line in more)
        connection.close()
    return cookies
