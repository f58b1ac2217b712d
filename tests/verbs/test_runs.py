"""The list of runs."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.usefixtures("fits")


def names(found):
    return [line.split()[1] for line in found.out.splitlines()[1:]]


def test_latest_come_first(mlops):
    assert names(mlops("runs")) == ["other", "C=10", "C=1.0", "C=0.1"]


def test_best_come_first(mlops):
    assert names(mlops("runs", "--best", "auc")) == ["C=1.0", "C=10", "C=0.1"]


def test_lower_losses_are_better(mlops):
    assert names(mlops("runs", "--best", "val_loss")) == ["C=10", "C=1.0", "C=0.1"]


def test_filter_order_and_limit_narrow(mlops):
    found = mlops(
        "runs", "metrics.auc > 0.75", "--order-by", "params.C desc", "-n", "1"
    )
    assert "C=10" in found.out
    assert "C=1.0" not in found.out
    assert "--limit" in found.out


def test_only_params_that_differ_show(mlops):
    header = mlops("runs", "-e", "fits").out.splitlines()[0].split()
    assert header == ["run", "name", "status", "started", "auc", "val_loss", "C"]


def test_numbers_have_five_digits(mlops):
    out = mlops("runs").out
    assert "0.91235" in out
    assert "NaN" in out


def test_ids_are_short_and_unique(mlops, fits):
    found = [
        line.split()[0] for line in mlops("runs", "-e", "fits").out.splitlines()[1:]
    ]
    assert len(set(found)) == 3
    for short, run_id in zip(found, [fits[10], fits[1.0], fits[0.1]], strict=True):
        assert run_id.startswith(short)
        assert len(short) >= 10


def test_columns_can_be_chosen(mlops):
    header = mlops("runs", "--columns", "params.kernel,auc").out.splitlines()[0]
    assert header.split() == ["run", "kernel", "auc"]


def test_narrow_terminal_hides_columns(mlops, monkeypatch):
    monkeypatch.setenv("COLUMNS", "55")
    out = mlops("runs", "-e", "fits").out
    assert max(map(len, out.splitlines())) <= 55
    assert "Not shown: " in out


def test_users_text_is_no_markup(mlops, workspace):
    with workspace.start_run("[red]x[/red]", experiment="[bold]") as run:
        run.log_param("k", "a\x1b[31mb\nc")
    out = mlops("runs", "-e", "[bold]").out
    assert "[red]x[/red]" in out
    assert "\x1b" not in out
    assert len(out.splitlines()) == 2


def test_json_has_types_and_no_nan(mlops_json):
    found = mlops_json("runs")
    assert found[0]["metrics"] == {"speed": "NaN"}
    assert found[1]["params"] == {"C": 10, "kernel": "rbf", "seed": 1}
    assert len(found[1]["run_id"]) == 26


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--best", "acu"], "'auc'"),
        (["-e", "fist"], "'fits'"),
        (["--columns", "acu"], "'auc'"),
        (["--best", "auc", "--order-by", "name"], "not both"),
        (["metrics.auc >> 1"], "\n  metrics.auc >> 1\n               ^"),
    ],
)
def test_wrong_questions_are_explained(mlops, words, said):
    found = mlops("runs", *words)
    assert (found.code, found.out) == (1, "")
    assert said in found.err
