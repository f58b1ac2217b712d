"""One run, one cell, one artifact."""

from __future__ import annotations

import pytest


@pytest.fixture
def rich_run(workspace):
    """A run that has something of everything."""
    (workspace.layout.project / "data.csv").write_text("a,b\n1,2\n")
    with workspace.start_run("all of it", experiment="fits") as run:
        run.log_params({"C": 0.5, "layers": [1, 2]})
        for step in range(4):
            run.log_metric("auc", step / 8)
        run.set_tag("team", "risk")
        run.log_note("the one")
        run.log_artifact("data.csv")
        run.record("file", path="raw.csv", role="read", digest="ab" * 32, size=2048)
        digest = workspace.store.blobs.put_bytes(b"a long text " * 200)
        outputs = [
            {"output_type": "stream", "name": "stdout", "text": "\x1b[31mred\x1b[0m\n"},
            {
                "output_type": "stream",
                "name": "stdout",
                "text": {"blob": digest, "size": 2400},
            },
            {
                "output_type": "display_data",
                "data": {"image/png": "AAAA"},
                "metadata": {},
            },
        ]
        run.record(
            "cell",
            n=0,
            source="# fit\nmodel.fit(X)[0]",
            status="finished",
            began=1,
            seconds=61.2,
            count=7,
            outputs=outputs,
        )
        with workspace.start_run("child", experiment="fits") as child:
            child.log_metric("auc", 0.25)
    return run


def test_one_screen_shows_everything(mlops, rich_run):
    out = mlops("show", rich_run.id).out
    for said in (
        "all of it", "finished", "team=risk", "the one", "[1, 2]", "raw.csv", "2.05 kB",
        "abababababab", "data.csv", "child", "auc 0.25", "model.fit(X)[0]", "1 min 1 s",
    ):  # fmt: skip
        assert said in out
    row = next(line for line in out.splitlines() if line.startswith("auc"))
    assert row.split() == ["auc", "0.375", "0", "0.375", "4"]
    assert len(out.splitlines()) <= 50


def test_failed_run_shows_its_error(mlops, workspace):
    with pytest.raises(ValueError, match="bad"), workspace.start_run("x"):
        raise ValueError("bad [red]luck[/red]")
    out = mlops("show", "last").out
    assert "ValueError: bad [red]luck[/red]" in out


def test_cell_shows_source_and_text(mlops, rich_run):
    out = mlops("show", rich_run.id, "--cell", "0").out
    assert "# fit\nmodel.fit(X)[0]\n" in out
    assert "\nred\n" in out
    assert "a long text a long text" in out
    assert "(image/png)" in out


def test_cell_json_has_whole_outputs(mlops_json, rich_run):
    found = mlops_json("show", rich_run.id, "--cell", 0)
    assert found["outputs"][1]["text"] == "a long text " * 200


def test_missing_cell_says_which_exist(mlops, rich_run):
    found = mlops("show", rich_run.id, "--cell", "3")
    assert (found.code, found.out) == (1, "")
    assert "cells 0 to 0" in found.err


def test_artifact_is_saved(mlops, rich_run, tmp_path):
    target = tmp_path / "new" / "copy.csv"
    said = mlops("show", rich_run.id, "--artifact", "data.csv", "-o", target)
    assert said.code == 0
    assert target.read_text() == "a,b\n1,2\n"


def test_nothing_is_written_over(mlops, rich_run, workspace):
    found = mlops("show", rich_run.id, "--artifact", "data.csv")
    assert found.code == 1
    assert "'-o'" in found.err


def test_unknown_names_are_explained(mlops, rich_run):
    assert "'data.csv'" in mlops("show", "last", "--artifact", "data.cvs").err + (
        mlops("show", rich_run.id, "--artifact", "data.cvs").err
    )
    assert "no run 'zzz'" in mlops("show", "zzz").err
    assert mlops("show", rich_run.id, "-o", "x").code == 2


def test_json_has_all_parts(mlops_json, rich_run):
    found = mlops_json("show", rich_run.id)
    assert found["metrics"]["auc"] == {
        "count": 4,
        "last": 0.375,
        "max": 0.375,
        "min": 0,
    }
    assert found["params"] == {"C": 0.5, "layers": [1, 2]}
    assert [child["name"] for child in found["children"]] == ["child"]
    assert found["files"][0]["path"] == "raw.csv"


def test_displayed_tables_are_listed(mlops, workspace):
    with workspace.start_run("fit") as run:
        run.record("cell", n=0, source="df", status="finished", began=1, seconds=1.0)
        head = {"blob": "ab" * 32, "size": 5000}
        frame = {"cell": 0, "output": 2, "library": "pandas", "head": head}
        run.observe("frames", [frame | {"shape": [9, 1], "columns": [["n", "int64"]]}])
    assert "cell 0 output 2  9 by 1  n int64" in mlops("show", run.id).out
