"""Runs side by side."""

from __future__ import annotations

import pytest


def rows(found):
    return {
        line.split()[0]: line.split()[1:] for line in found.out.splitlines() if line
    }


def test_what_differs_stands_first(mlops, fits):
    said = mlops("compare", fits[0.1], fits[1.0], fits[10])
    assert (said.code, said.err) == (0, "")
    found = rows(said)
    assert found["C"] == ["0.1", "1", "10"]
    assert found["auc"] == ["0.7", "0.91235", "★", "0.8"]
    assert found["val_loss"] == ["0.9", "0.4", "0.2", "★"]
    assert list(found) == [
        "run", "name", "status", "started", "took",
        "params", "C", "metrics", "auc", "val_loss", "Equal",
    ]  # fmt: skip
    assert said.out.splitlines()[-1] == "Equal params: kernel=rbf, seed=1."


def test_columns_that_do_not_fit_come_below(mlops, fits, monkeypatch):
    monkeypatch.setenv("COLUMNS", "38")
    out = mlops("compare", *fits.values()).out
    assert max(map(len, out.splitlines())) <= 38
    # Runs of the same instant have long ids: then it takes one block more.
    assert out.count("val_loss") in (2, 3)


def test_json_tells_missing_from_none(mlops_json, workspace):
    with workspace.start_run("a") as one:
        one.log_params({"x": None, "same": 1, "kind": 1})
    with workspace.start_run("b") as other:
        other.log_params({"same": 1, "kind": 1.0})
        other.set_tag("mlops.verified", "reproduced")
    found = mlops_json("compare", one.id, other.id)
    assert found["params"] == {
        "differing": {"kind": {one.id: 1, other.id: 1.0}, "x": {one.id: None}},
        "equal": {"same": 1},
    }
    assert [run["badges"] for run in found["runs"]] == [{}, {"verified": "reproduced"}]
    assert found["tags"] == {"differing": {}, "equal": {}}


def test_nan_is_equal_and_never_best(mlops_json, workspace):
    ids = []
    for value in (float("nan"), float("nan"), 1.0):
        with workspace.start_run("fit") as run:
            run.log_metric("loss", value)
            ids.append(run.id)
    assert mlops_json("compare", *ids[:2])["metrics"]["equal"] == {"loss": "NaN"}
    assert mlops_json("compare", *ids)["best"] == {}


def test_verdict_is_a_row_and_no_tag(mlops, fits, workspace):
    workspace.get_run(fits[10]).set_tag("mlops.verified", "differs")
    found = rows(mlops("compare", fits[1.0], fits[10]))
    assert found["verified"] == ["·", "differs"]
    assert "tags" not in found


def test_one_run_is_not_enough(mlops, fits):
    said = mlops("compare", fits[10], fits[10])
    assert (said.code, said.out) == (1, "")
    assert "two runs or more" in said.err


@pytest.mark.usefixtures("fits")
def test_verdict_is_a_column_of_the_list(mlops, fits, workspace):
    workspace.get_run(fits[10]).set_tag("mlops.verified", "reproduced")
    header, first, *_ = mlops("runs", "-e", "fits").out.splitlines()
    assert header.split()[4] == "verified"
    assert "reproduced" in first
