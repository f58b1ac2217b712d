"""The stamp of a tracked cell, in a real shell beside a notebook on the disk."""

import json
import os
import time

import pytest

from jupyter_mlops.tracking.stamps import TAG, read_stamp


@pytest.fixture
def save(workspace, monkeypatch):
    """Save the notebook that the shell serves."""
    path = workspace.layout.project / "churn.ipynb"
    monkeypatch.setenv("JPY_SESSION_NAME", str(path))

    def save(**cells):
        told = [
            {"cell_type": "code", "id": name, "source": text}
            for name, text in cells.items()
        ]
        path.write_text(json.dumps({"cells": told, "nbformat": 4, "nbformat_minor": 5}))
        return path

    return save


@pytest.fixture
def track(shell, workspace):
    """Run cells by their ids; return the run of the last one, if it is tracked."""

    def track(**cells):
        for name, source in cells.items():
            shell.run_cell(source, store_history=True, cell_id=name)
        return workspace.get_run("last") if "%%track" in source else None

    return track


def test_cells_in_order_have_a_clean_stamp(save, track, capsys):
    cells = {"a": "x = 1", "b": "%%track\ny = x + 1"}
    save(**cells)
    run = track(**cells)
    assert run.observations["stamp"]["words"] == []
    assert TAG not in run.tags
    assert "ran in document order, cells as they stand" in capsys.readouterr().out


def test_cell_run_out_of_order_is_told(save, track, capsys):
    cells = {"b": "%%track\ny = x + 1", "a": "x = 1"}
    save(**cells)
    run = track(a="x = 1", b=cells["b"])
    assert run.tags[TAG] == "out-of-order"
    assert run.observations["stamp"]["misplaced"] == [
        "Cell [2] stands above cell [1] but ran after it."
    ]
    assert "⚠ ran out of document order" in capsys.readouterr().out


def test_edited_and_deleted_cells_are_told(save, track):
    track(a="x = 1", d="z = 5")
    path = save(a="x = 2", b="%%track\ny = x + z")
    # The file system's clock ticks slowly: surely after the cells.
    os.utime(path, (time.time() + 1,) * 2)
    run = track(b="%%track\ny = x + z")
    assert run.tags[TAG] == "stale"
    assert run.observations["stamp"]["stale"] == [
        "Cell [1] was edited since.",
        "Cell [2] was edited or deleted since.",
    ]


def test_unsaved_notebook_leaves_the_order_open(save, track):
    save(a="x = 1")
    run = track(a="x = 1", b="%%track\ny = x + 1")
    assert run.observations["stamp"]["order"] == "unknown"
    assert TAG not in run.tags


@pytest.mark.parametrize(("seed", "tag"), [("", "unseeded"), ("random.seed(3)", None)])
def test_randomness_without_a_seed_is_told(track, seed, tag):
    run = track(a=f"import random\n{seed}", b="%%track\nr = random.random()")
    assert run.tags.get(TAG) == tag


def test_files_that_changed_since_are_told_when_looked_at(track, workspace):
    project = workspace.layout.project
    for name in ("same.csv", "changed.csv", "gone.csv"):
        (project / name).write_text("a,b\n1,2\n")
    source = (
        "%%track\nfrom pathlib import Path\nfor n in ('same', 'changed', 'gone'):\n"
    )
    run = track(a=f"{source}    Path(f'{{n}}.csv').read_text()")
    assert read_stamp(run, project).changed == ()
    (project / "changed.csv").write_text("a,b\n1,3\n")
    (project / "same.csv").touch()
    (project / "gone.csv").unlink()
    assert [str(file) for file in read_stamp(run, project).changed] == [
        "changed.csv changed since.",
        "gone.csv is gone.",
    ]
