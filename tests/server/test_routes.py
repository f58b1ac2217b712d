"""What the routes answer, each answer held against openapi.json."""

import pytest


def test_workspaces_are_found(server):
    found = server.get("workspaces", path="below/deep/a.ipynb")
    assert [one["path"] for one in found["workspaces"]][:1] == [""]
    assert "below" in [one["path"] for one in found["workspaces"]]
    assert found["current"] == {"path": "below", "name": "below"}
    assert found["proposed"] is None


def test_runs_come_by_the_page(server):
    first = server.get("runs", limit=2)
    assert (first["total"], len(first["runs"])) == (3, 2)
    second = server.get("runs", limit=2, offset=2)
    names = [run["name"] for run in first["runs"] + second["runs"]]
    assert names == ["fit 2", "fit 1", "fit 0"]


def test_filter_and_order_hold(server):
    found = server.get(
        "runs",
        filter="metrics.auc > 0.5 and params.kernel = 'rbf'",
        order_by="params.C",
    )
    assert [run["params"]["C"] for run in found["runs"]] == [10.0, 100.0]
    assert found["runs"][0]["metrics"]["odd"] == "NaN"
    assert found["runs"][0]["tags"] == {"team": "risk"}


def test_words_and_filter_narrow_together(server):
    found = server.get("runs", text='"fit 1"')
    (run,) = found["runs"]
    hit = found["hits"][run["run_id"]]
    (start, end) = hit["marks"][0]
    assert hit["snippet"][start:end] == "fit 1"
    assert server.get("runs", text="fit", filter="params.C > 50")["total"] == 1
    assert server.get("runs", text="nowhere")["total"] == 0


def test_names_are_known(server):
    found = server.get("names")
    assert found["metrics"] == ["auc", "loss", "odd"]
    assert found["experiments"][0] | {"last_started": ""} == {
        "name": "fits",
        "run_count": 3,
        "last_started": "",
    }


def test_run_tells_everything(server):
    found = server.get("runs/last")
    assert found["run"]["name"] == "fit 2"
    assert found["summaries"]["loss"]["min"] == -1.0
    assert "tests" in [one["name"] for one in found["artifacts"]]


def test_unknown_run_is_a_sentence(server):
    answer = server.ask("runs/zzzz")
    assert answer.status == 404
    assert "There is no run 'zzzz'" in answer.json["message"]


def test_series_keeps_its_extremes(server):
    found = server.get("runs/last/metrics/loss", points=20)
    assert found["total"] == 501
    assert len(found["steps"]) == len(found["values"]) == len(found["times"]) <= 21
    assert (min(found["values"]), max(found["values"])) == (-1.0, 1.0)
    part = server.get("runs/last/metrics/loss", from_step=240, to_step=260)
    assert (part["steps"][0], part["steps"][-1], part["total"]) == (240, 260, 22)


def test_artifact_is_saved_never_shown(server):
    answer = server.ask("runs/last/artifacts/tests")
    assert answer.status == 200
    assert b"A real Jupyter server" in answer.body
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    etag = {"If-None-Match": answer.headers["Etag"]}
    assert server.ask("runs/last/artifacts/tests", headers=etag).status == 304


@pytest.mark.parametrize(
    "route", ["runs/last/artifacts/nothing", "blobs/" + "0" * 64, "models/nothing"]
)
def test_what_is_not_there_is_said(server, route):
    answer = server.ask(route)
    assert answer.status == 404
    assert answer.json["message"]
