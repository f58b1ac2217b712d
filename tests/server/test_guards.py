"""Who may ask what: users, tokens, XSRF, paths and sizes, against a real server."""

import http.client
from urllib.parse import urlsplit

import pytest

from jupyter_mlops.server.routes import ROUTES
from tests.server.conftest import cookies_of

READS = ["status", "workspaces", "names", "search", "runs", "runs/last", "models"]


@pytest.mark.parametrize("route", READS)
def test_wrong_token_is_refused(server, route):
    for token in (None, "wrong"):
        answer = server.ask(route, token=token)
        assert answer.status == 403
        assert "may not" in answer.json["message"]


@pytest.mark.parametrize("route", READS)
def test_authorizer_decides_who_reads(server, route):
    assert server.ask(route, token="none").status == 403
    assert server.ask(route, {"text": "fit"}, token="look").status == 200


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


@pytest.mark.parametrize(
    "path",
    ["..", "../outside", "/../outside", "below/../../outside", "a\0b", "nothing"],
)
def test_paths_stay_in_the_root(server, server_root, path):
    for route in ("runs", "names", "models", "runs/last"):
        answer = server.ask(route, {"workspace": path})
        assert answer.status == 404, route
        assert answer.json["error"] == "WorkspaceNotFoundError"
    made = server.ask("workspaces", method="POST", body={"path": path})
    assert made.status == 404
    assert server.ask("workspaces", {"path": "../outside"}).status == 404


def test_absolute_path_stays_in_the_root(server, server_root):
    outside = str(server_root.parent / "outside")
    assert server.ask("runs", {"workspace": outside}).status == 404
    assert server.ask("workspaces", method="POST", body={"path": "/etc"}).status == 404


def test_huge_body_is_not_read(server):
    place = urlsplit(server.address)
    connection = http.client.HTTPConnection(place.hostname, place.port, timeout=20)
    connection.putrequest("POST", "/mlops/api/workspaces")
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
