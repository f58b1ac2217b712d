"""Two runs on one screen."""

from __future__ import annotations

import json

import pytest

from jupyter_mlops import verbs


@pytest.fixture
def pair(workspace):
    """Two runs that differ in something of everything."""
    ids = []
    for C, word in ((1, "red"), (1.0, "blue")):
        with workspace.start_run(f"fit {word}", experiment="fits") as run:
            run.log_params({"C": C, "kernel": "rbf", "path": "x" * 80 + word})
            run.log_metrics({"auc": 0.5 if word == "red" else 0.75, "same": 2})
            run.log_object("words", word)
            run.log_table("out", {"n": [1, len(word)]})
            run.record("file", path="raw.csv", role="read", digest=None, size=7)
            output = {"output_type": "stream", "name": "stdout", "text": f"[{word}]\n"}
            picture = {
                "output_type": "display_data",
                "data": {"image/png": "AAAA" if word == "red" else "BBBB"},
                "metadata": {},
            }
            run.record(
                "cell", n=0, source=f"if fit:\n    show('{word}')",
                status="finished", began=1, seconds=1.0, outputs=[output, picture],
            )  # fmt: skip
            ids.append(run.id)
    return ids


def test_one_screen_shows_what_changed(mlops, pair):
    said = mlops("diff", *pair)
    assert (said.code, said.err) == (0, "")
    for part in (
        "fit red", "fit blue", "-    show('red')", "+    show('blue')", "1.0",
        "+0.25 (+50.0%)", "raw.csv", "not hashed", "1 value differs", "-[red]",
        "+[blue]", "image/png", "params  (1 equal)", "Equal: ",
    ):  # fmt: skip
        assert part in said.out, part
    assert "kernel" not in said.out


def test_long_values_show_where_they_part(mlops, pair):
    (row,) = [
        line for line in mlops("diff", *pair).out.splitlines() if "~  path" in line
    ]
    assert row.split() == ["~", "path", "…xxxxxxxxred", "…xxxxxxxxblue"]


def test_run_with_itself_is_equal(mlops, fits):
    out = mlops("diff", fits[10], fits[10]).out
    assert "No difference in what is recorded of them." in out
    assert "Equal: 3 params, 2 metrics" in out


def test_unhashed_file_is_no_equality(mlops, pair):
    out = mlops("diff", pair[0], pair[0]).out
    assert "No difference" not in out
    assert "raw.csv" in out


def test_json_has_the_whole_structure(mlops_json, pair):
    found = mlops_json("diff", *pair)
    assert (found["before"]["run_id"], found["after"]["name"]) == (pair[0], "fit blue")
    assert found["params"]["equal"] == 1
    assert found["params"]["changes"][0] == {
        "name": "C", "how": "changed", "before": 1, "after": 1.0,
    }  # fmt: skip
    assert found["code"]["changes"][0]["lines"][-1] == "+    show('blue')"
    assert found["is_equal"] is False


def test_unknown_run_is_explained(mlops, pair):
    said = mlops("diff", pair[0], "zzz")
    assert (said.code, said.out) == (1, "")
    assert "zzz" in said.err
    assert mlops("diff", pair[0]).code == 2


def test_notebook_gets_the_same_answer(workspace, pair, capsys):
    verbs.answer(["diff", *pair, "--json"], workspace)
    assert json.loads(capsys.readouterr().out)["metrics"]["equal"] == 1


def test_nothing_steers_the_terminal(mlops, workspace):
    ids = []
    for word in ("\x1b[31mred\x07[/bold]", "x"):
        with workspace.start_run("fit") as run:
            output = {"output_type": "stream", "name": "stdout", "text": word}
            run.record(
                "cell", n=0, source="a", status="finished", began=1, seconds=1.0,
                outputs=[output],
            )  # fmt: skip
            ids.append(run.id)
    out = mlops("diff", *ids).out
    assert "-red\N{REPLACEMENT CHARACTER}[/bold]" in out
    assert "\x1b" not in out


def test_many_changes_are_counted(mlops, workspace):
    ids = []
    for value in (1, 2):
        with workspace.start_run("fit") as run:
            run.log_params({f"p{n:02}": value for n in range(35)})
            ids.append(run.id)
    out = mlops("diff", *ids).out
    assert "p29" in out
    assert "p30" not in out
    assert "… 5 more (--json shows all)" in out
