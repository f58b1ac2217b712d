"""Who may ask what: users, tokens, XSRF, paths and sizes, against a real server."""

import http.client
from urllib.parse import urlsplit

import pytest

from jupyter_mlops.server.routes import ROUTES
from tests.server.conftest import API, cookies_of

VALUES = {
    "run": "last",
    "key": "loss",
    "name": "tests",
    "version": "1",
    "digest": "0" * 64,
    "id": "0" * 16,
    "job": "1",
    "alias": "champion",
}
"""What the parts of addresses are filled in with."""

BODY = {"alias": "champion", "kind": "notebook", "path": "../outside/a.ipynb"}
BODY |= {"name": "churn", "fields": {}, "to": "docker"}
"""Enough for every change to be looked at."""
SOCKET = "101"


def operations(verb=None, parameter=None, sockets=False):
    """Give all that can be asked: test_openapi holds these against ROUTES."""
    for template, verbs in API["paths"].items():
        for one, told in verbs.items():
            names = {each["name"] for each in told.get("parameters", [])}
            if SOCKET in told["responses"] and not sockets:
                continue
            if verb in (None, one) and (parameter is None or parameter in names):
                yield pytest.param(
                    one.upper(),
                    template[1:].format_map(VALUES),
                    id=f"{one} {template[1:]}",
                )


ALL = pytest.mark.parametrize(("method", "route"), [*operations(sockets=True)])
BODIES = pytest.mark.parametrize(("method", "route"), [*operations()])
CHANGES = pytest.mark.parametrize(("method", "route"), [*operations("post")])


@ALL
def test_wrong_token_is_refused(server, method, route):
    for token in (None, "wrong"):
        answer = server.ask(route, method=method, token=token)
        assert answer.status == 403


@ALL
def test_authorizer_decides(server, method, route):
    assert server.ask(route, method=method, token="none").status == 403
    answer = server.ask(route, method=method, token="look")
    assert (answer.status == 403) is (method != "GET"), answer.body


def test_refusal_is_a_sentence(server):
    assert "may not" in server.ask("runs", token="wrong").json["message"]


def test_reader_makes_no_workspace(server, server_root):
    body = {"path": "below/deep"}
    answer = server.ask("workspaces", method="POST", token="look", body=body)
    assert answer.status == 403
    assert not (server_root / "below" / "deep" / ".mlops").exists()


def test_change_needs_xsrf_token(server, server_root):
    (server_root / "asked").mkdir(exist_ok=True)
    cookies = cookies_of(server)
    sent = {"Cookie": "; ".join(f"{k}={v}" for k, v in cookies.items())}
    body = {"path": "asked"}
    refused = server.ask(
        "workspaces", method="POST", token=None, body=body, headers=sent
    )
    assert refused.status == 403
    assert not (server_root / "asked" / ".mlops").exists()
    sent["X-XSRFToken"] = cookies["_xsrf"]
    made = server.ask("workspaces", method="POST", token=None, body=body, headers=sent)
    assert made.status == 201, made.body
    assert (server_root / "asked" / ".mlops" / "format").is_file()


@CHANGES
def test_each_change_needs_xsrf_token(server, method, route):
    cookies = cookies_of(server)
    sent = {"Cookie": "; ".join(f"{k}={v}" for k, v in cookies.items())}
    asked = {"method": method, "token": None, "body": "[]"}
    assert server.ask(route, headers=sent, **asked).status == 403
    sent["X-XSRFToken"] = "0" * 32
    assert server.ask(route, headers=sent, **asked).status == 403
    sent["X-XSRFToken"] = cookies["_xsrf"]
    assert server.ask(route, headers=sent, **asked).status != 403


@pytest.mark.parametrize(("method", "route"), [*operations(parameter="workspace")])
def test_workspace_outside_is_not_there(server, method, route):
    for path in ("../outside", str(server.root.parent / "outside")):
        answer = server.ask(route, {"workspace": path}, method=method, body=BODY)
        assert answer.status == 404
        assert answer.json["error"] == "WorkspaceNotFoundError"


@pytest.mark.parametrize(("method", "route"), [*operations(parameter="path")])
def test_path_outside_is_not_there(server, method, route):
    for path in ("../outside", str(server.root.parent / "outside")):
        assert server.ask(route, {"path": path}, method=method).status == 404


@pytest.mark.parametrize(
    "path",
    ["..", "../outside", "/../outside", "below/../../outside", "a\0b", "nothing"],
)
def test_paths_stay_in_the_root(server, server_root, path):
    answer = server.ask("runs", {"workspace": path})
    assert answer.status == 404
    assert answer.json["error"] == "WorkspaceNotFoundError"
    made = server.ask("workspaces", method="POST", body={"path": path})
    assert made.status == 404


@BODIES
def test_huge_body_is_not_read(server, method, route):
    place = urlsplit(server.address)
    connection = http.client.HTTPConnection(place.hostname, place.port, timeout=20)
    connection.putrequest(method, f"/mlops/api/{route}")
    connection.putheader("Authorization", "token secret")
    connection.putheader("Content-Length", str(10**9))
    connection.endheaders()
    # Not a byte of it was sent: the refusal does not wait for them.
    assert connection.getresponse().status == 413
    connection.close()


@pytest.mark.parametrize("body", ["", "[]", "{", '{"path": 3}', "null", "[" * 100_000])
def test_odd_body_is_a_sentence(server, body):
    answer = server.ask("workspaces", method="POST", body=body)
    assert answer.status == 400
    assert answer.json["error"] == "InvalidInputError"


@pytest.mark.parametrize(
    "query",
    [
        {"limit": "-1"},
        {"limit": "many"},
        {"limit": "1001"},
        {"offset": "9" * 5000},
        {"filter": "x" * 5000},
        {"kind": "cells"},
        {"filter": "metrics.auc >"},
        {"order_by": "nothing"},
        {"text": "!?"},
    ],
)
def test_odd_question_is_a_sentence(server, query):
    answer = server.ask("runs", query)
    assert answer.status == 400
    assert answer.json["message"].rstrip()


def test_filter_error_says_where(server):
    answer = server.ask("runs", {"filter": "metrics.auc >"})
    assert answer.json["details"]["position"] == len("metrics.auc >")


def test_unknown_address_is_json(server):
    for route in ("nothing", "runs/last/nothing"):
        answer = server.ask(route)
        assert answer.status == 404
        assert answer.json["error"] == "HTTPError"


@pytest.mark.parametrize(("pattern", "handler"), ROUTES)
def test_every_verb_asks_who_it_is(pattern, handler):
    verbs = {"get", "post", "put", "patch", "delete"} & set(vars(handler))
    assert verbs, pattern
    for verb in verbs:
        first, second, *_ = wrappers_of(getattr(handler, verb))
        assert first.split(".")[0] in ("authenticated", "ws_authenticated")
        assert second.startswith("authorized.")


def wrappers_of(method):
    """Name the functions around a method, the outermost first."""
    while method is not None:
        yield method.__code__.co_qualname
        method = getattr(method, "__wrapped__", None)
