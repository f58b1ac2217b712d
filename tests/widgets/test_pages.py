"""Runs as pages: whole, escaped, and readable without script."""

from __future__ import annotations

import math

import matplotlib.figure
import pytest

from jupyter_mlops.store.index import RunQuery
from jupyter_mlops.tracking.sidebyside import SideBySide
from jupyter_mlops.widgets.runpage import run_page
from jupyter_mlops.widgets.runstable import runs_page
from jupyter_mlops.widgets.sidepage import side_page
from tests.widgets.conftest import NASTY


@pytest.fixture
def nasty(workspace):
    """Two runs in which everything that can be named has a nasty name."""
    ids = []
    for value in (1, 2):
        with workspace.start_run(NASTY, experiment=NASTY) as run:
            run.log_params({NASTY: NASTY, "p": value, "list": [NASTY]})
            for step in range(5):
                run.log_metric(NASTY, value * step)
            run.log_metric("nan", math.nan)
            run.set_tags({NASTY: NASTY, "mlops.verified": NASTY, "mlops.stamp": "ok"})
            run.log_note(NASTY)
            run.log_object(NASTY, NASTY)
            run.record("file", path=NASTY, role="read", digest=None, size=7)
            run.record(
                "cell", n=0, source=NASTY, status="failed", began=1, seconds=1.0,
                error={"name": NASTY, "value": NASTY},
            )  # fmt: skip
            ids.append(run.id)
    return [workspace.get_run(run_id) for run_id in ids]


def table(workspace):
    return workspace.run_table(RunQuery()).columns


def page_of(run, workspace):
    index = workspace.store.index
    return run_page(
        run, workspace.layout.project, lambda key: index.history(run.id, key)
    )


def test_no_page_runs_what_a_run_is_called(nasty, workspace, read_page):
    columns = table(workspace)
    pages = [
        runs_page(columns, list(columns), lower_is_better=()),
        page_of(nasty[0], workspace),
        side_page(SideBySide([run.record for run in nasty])),
    ]
    for page in pages:
        assert any(NASTY in word for word in read_page(page).words)


def test_table_has_a_row_a_run(workspace, fits, read_page):
    columns = table(workspace)
    names = [
        "run_id",
        "name",
        "status",
        "metrics.auc",
        "params.C",
        "tags.mlops.verified",
    ]
    workspace.get_run(fits[10]).set_tag("mlops.verified", "reproduced")
    columns = table(workspace)
    page = runs_page(columns, names, lower_is_better=(), has_more=True)
    read = read_page(page)
    assert read.rows[0] == ["run", "name", "status", "auc", "C", "verified"]
    assert read.rows[1][1:] == ["other", "finished"]
    assert read.rows[2][1:] == ["C=10", "finished", "0.8", "10", "reproduced"]
    assert "4 runs · there are more: see --limit" in read.words


def test_best_of_each_metric_is_marked(workspace, fits):
    names = ["metrics.auc", "metrics.val_loss", "metrics.speed"]
    page = runs_page(table(workspace), names, lower_is_better=["loss"])
    bold = [part.partition("<")[0] for part in page.split('font-weight:bold">')[1:]]
    assert bold == ["0.2", "0.91235"]


def test_cells_are_sorted_by_whole_values(workspace, fits):
    page = runs_page(table(workspace), ["metrics.auc"], lower_is_better=())
    assert 'data-v="0.912345678">' in page
    # NaN and what is missing come last.
    assert (
        runs_page(table(workspace), ["metrics.speed"], lower_is_better=()).count(
            'data-v=""'
        )
        == 4
    )


def test_run_shows_what_there_is(nasty, workspace, read_page):
    read = read_page(page_of(nasty[0], workspace))
    for title in ("Metrics", "Params", "Tags", "Cells", "Artifacts", "Files"):
        assert title in read.words
    assert "stamp: ok" in read.words
    assert not any("mlops." in word for word in read.words)


def test_kept_figures_are_seen(workspace, read_page):
    figure = matplotlib.figure.Figure()
    figure.subplots().plot([1, 2])
    with workspace.start_run("fit") as run:
        run.log_figure("curve", figure)
    page = page_of(workspace.get_run(run.id), workspace)
    assert 'src="data:image/png;base64,iVBOR' in page
    read_page(page)


def test_side_by_side_marks_the_best(workspace, fits, read_page):
    runs = [workspace.get_run(fits[C]).record for C in (0.1, 10)]
    read = read_page(side_page(SideBySide(runs, ["loss"])))
    rows = {row[0]: row[1:] for row in read.rows if row}
    assert rows["C"] == ["0.1", "10"]
    assert rows["val_loss"] == ["0.9", "0.2 ★"]
    assert "kernel=rbf, seed=1" in read.words


def test_no_runs_are_said(read_page):
    columns = {"run_id": [], "name": []}
    assert read_page(runs_page(columns, ["name"], lower_is_better=())).words == [
        "No runs."
    ]
