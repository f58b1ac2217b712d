"""Metrics drawn: in letters, to files, as data."""

from __future__ import annotations

import math

import pytest

from jupyter_mlops.verbs.lists import repeated


@pytest.mark.parametrize(
    ("words", "read"),
    [
        ("loss --runs a b -e x", "loss --runs a --runs b -e x"),
        ("loss --against", "loss --against *"),
        ("loss --against -o f.png", "loss --against * -o f.png"),
        ("--against C k --runs a -- loss", "--against C --against k --runs a -- loss"),
        ("loss --runs", "loss --runs"),
    ],
)
def test_options_take_several_words(words, read):
    assert repeated(words.split()) == read.split()


def test_terminal_shows_curves_and_names(mlops, fits):
    said = mlops("plot", "auc", "-e", "fits")
    assert (said.code, said.err) == (0, "")
    lines = said.out.splitlines()
    assert lines[0] == "auc"
    assert lines[-3].split()[:4] == ["a", "C=10", "2", "0.8"]
    assert any("┤" in line and "⠀" in line for line in lines)


@pytest.mark.usefixtures("fits")
def test_runs_can_be_named_and_filtered(mlops_json, fits):
    by_name = mlops_json("plot", "auc", "--runs", fits[1.0], fits[10])
    assert [one["run_id"] for one in by_name["series"]] == [fits[1.0], fits[10]]
    by_filter = mlops_json("plot", "auc", "-f", "params.C > 0.5")
    assert {one["run_id"] for one in by_filter["series"]} == {fits[1.0], fits[10]}
    (last,) = mlops_json("plot", "auc", "-n", "1")["series"]
    assert (last["run_id"], last["x"], last["values"]) == (fits[10], [0, 1], [0.4, 0.8])


def test_time_is_in_seconds_from_the_start(mlops_json, fits):
    found = mlops_json("plot", "auc", "--x", "time", "--runs", fits[10])
    first, second = found["series"][0]["x"]
    assert 0 <= first <= second < 60
    assert found["x"] == "time"


def test_picture_replaces_the_one_before(mlops, fits, tmp_path):
    path = tmp_path / "new" / "auc.png"
    for _ in range(2):
        said = mlops("plot", "auc", "val_loss", "--smoothing", "0.6", "-o", path)
        assert (said.code, said.err) == (0, "")
        assert said.out == f"Plot of auc, val_loss: {path}\n"
        assert path.read_bytes().startswith(b"\x89PNG")
    assert [file.name for file in path.parent.iterdir()] == ["auc.png"]


def test_page_stands_by_itself(mlops, fits, tmp_path):
    assert mlops("plot", "auc", "-o", tmp_path / "auc.html").code == 0
    page = (tmp_path / "auc.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert "<svg" in page
    assert "<script" not in page


def test_params_that_differ_are_drawn_against(mlops_json, fits):
    found = mlops_json("plot", "auc", "-e", "fits", "--against")
    assert [run["params"] for run in found["runs"]] == [
        {"C": 10},
        {"C": 1.0},
        {"C": 0.1},
    ]
    assert found["equal"] == {"kernel": "rbf", "seed": 1}
    assert found["notes"] == ["Equal in all 3 runs: kernel=rbf, seed=1."]


def test_against_lists_the_best_first(mlops, fits, tmp_path):
    said = mlops("plot", "val_loss", "-e", "fits", "--against", "C").out.splitlines()
    assert [line.split()[0] for line in said[1:4]] == ["C=10", "C=1.0", "C=0.1"]
    assert said[-1].endswith("-o FILE.")
    path = tmp_path / "C.svg"
    assert (
        mlops("plot", "val_loss", "-e", "fits", "--against", "C", "-o", path).code == 0
    )
    assert "<svg" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["acu"], "'auc'"),
        (["auc", "-e", "fist"], "'fits'"),
        (["auc", "-o", "auc.bmp"], ".png, .svg, .html, .pdf"),
        (["auc", "--against", "D"], "C, kernel, seed"),
        (["auc", "--against", "seed"], "no param differs: seed=1"),
        (["auc", "val_loss", "--against", "C"], "takes one metric"),
        (["auc", "--runs", "last", "-e", "fits"], "not both"),
        (["auc", "--runs", "zzz"], "zzz"),
        (["auc", "-i"], "%mlops"),
    ],
)
@pytest.mark.usefixtures("fits")
def test_wrong_questions_are_explained(mlops, words, said):
    found = mlops("plot", *words)
    assert (found.code, found.out) == (1, "")
    assert said in found.err


def test_odd_values_have_their_names(mlops, mlops_json, workspace):
    with workspace.start_run("odd") as run:
        for value in (1.0, math.nan, math.inf, 2.0):
            run.log_metric("loss", value)
    assert mlops_json("plot", "loss")["series"][0]["values"] == [
        1.0,
        "NaN",
        "Infinity",
        2.0,
    ]
    row = mlops("plot", "loss").out.splitlines()[-1].split()
    assert row == ["a", "odd", "4", "2", "1", "2"]


def test_same_names_are_told_apart(mlops_json, workspace):
    ids = []
    for _ in range(2):
        with workspace.start_run("fit") as run:
            run.log_metric("loss", 1)
            ids.append(run.id)
    labels = [one["label"] for one in mlops_json("plot", "loss")["series"]]
    assert len(set(labels)) == 2
    for label, run_id in zip(labels, reversed(ids), strict=True):
        assert run_id.startswith(label.removeprefix("fit "))


def test_more_runs_than_the_limit_are_said(mlops, fits):
    assert "The latest 2 of 3 runs: see --limit." in mlops("plot", "auc", "-n", "2").out
