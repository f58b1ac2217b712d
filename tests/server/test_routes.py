"""What the routes answer, each answer held against openapi.json."""

import json

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


def test_runs_are_grouped(server):
    found = server.get("runs", group_by="experiment", metric="loss", limit=1)
    (group,) = found["groups"]
    assert (group["key"], group["label"], group["count"]) == ("fits", "fits", 3)
    losses = [run["metrics"]["loss"] for run in server.get("runs")["runs"]]
    assert group["best"] == min(losses)
    (alone,) = server.get("runs", group_by="parent")["groups"]
    assert alone == {"key": None, "label": "", "count": 3, "best": None}
    refused = server.ask("runs", {"group_by": "kernel"})
    assert refused.status == 400
    assert "not grouped by 'kernel'" in refused.json["message"]


def test_values_of_a_field_are_known(server):
    assert server.get("values", field="params.kernel")["values"] == ["rbf"]
    assert server.get("values", field="experiment")["values"] == ["fits"]
    assert server.get("values", field="params.C")["values"] == []
    refused = server.ask("values", {"field": "statuss"})
    assert refused.status == 400
    assert "status" in refused.json["message"]


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


def test_curves_of_several_runs_come_at_once(server):
    runs = [run["run_id"] for run in server.get("runs")["runs"]]
    asked = {"runs": json.dumps([*runs, "none"]), "metrics": '["loss", "odd", "x"]'}
    found = server.get("curves", points=40, **asked)["curves"]
    assert [(one["key"], one["run_id"]) for one in found] == [
        (key, run) for key in ("loss", "odd") for run in runs
    ]
    assert found[0]["total"] == 501
    assert len(found[0]["values"]) <= 50
    assert (min(found[0]["values"]), max(found[0]["values"])) == (-1.0, 1.0)
    assert found[3]["values"] == ["NaN"]


@pytest.mark.parametrize("axis", ["step", "age", "time"])
def test_part_of_a_curve_is_asked_for(server, axis):
    (run,) = server.get("runs", limit=1)["runs"]
    asked = {"runs": json.dumps([run["run_id"]]), "metrics": '["loss"]', "axis": axis}
    (whole,) = server.get("curves", **asked)["curves"]
    zero = whole["began"] if axis == "age" else 0
    places = whole["steps"] if axis == "step" else [t - zero for t in whole["times"]]
    between = {"from": places[100], "to": places[200]}
    (part,) = server.get("curves", **asked, **between)["curves"]
    # Ages are differences of large numbers: either end may fall to the other side.
    assert abs(part["total"] - 101) <= (2 if axis == "age" else 1)
    assert set(part["values"]) <= set(whole["values"])


@pytest.mark.parametrize(
    "asked",
    [
        {"axis": "colour"},
        {"runs": "[1]"},
        {"metrics": "loss"},
        {"from": "nan"},
        {"points": "-1"},
        {"runs": json.dumps([str(at) for at in range(300)]), "metrics": '["loss"]'},
    ],
)
def test_what_cannot_be_drawn_is_refused(server, asked):
    answer = server.ask("curves", asked)
    assert answer.status == 400
    assert next(iter(asked)) in answer.json["message"] or answer.json["details"]


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
