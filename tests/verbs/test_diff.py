"""Two runs on one screen."""

from __future__ import annotations

import json
from html.parser import HTMLParser

import pytest

from jupyter_mlops import verbs
from jupyter_mlops.verbs.diff import compare_runs


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


class Checker(HTMLParser):
    """Collects what a page is made of, and whether its elements close."""

    def __init__(self):
        super().__init__()
        self.open, self.tags, self.sources, self.folds = [], set(), [], []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.sources += [value for name, value in attrs if name in ("src", "href")]
        if tag == "details":
            self.folds.append("open" in dict(attrs))
        if tag not in ("meta", "img", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def checked(html):
    checker = Checker()
    checker.feed(html)
    assert checker.open == []
    return checker


def test_page_needs_nothing_from_elsewhere(workspace, pair):
    found = checked(compare_runs(workspace, *pair).page())
    assert not found.tags & {"script", "style", "link", "iframe", "object"}
    assert all(source.startswith("data:image/") for source in found.sources)
    assert found.folds[-1] is False
    assert True in found.folds


def test_page_escapes_all_that_is_recorded(workspace):
    ids = []
    for number, word in enumerate(("<script>alert(1)</script>", '"><b onload=x>')):
        with workspace.start_run(word, experiment=word, tags={word: word}) as run:
            run.log_params({word: word, "p": word})
            run.log_metric(word, number)
            run.log_object(word, word)
            output = {"output_type": "stream", "name": "stdout", "text": word}
            svg = {"image/svg+xml": f"<svg onload='{word}'></svg>"}
            picture = {"output_type": "display_data", "data": svg, "metadata": {}}
            run.record(
                "cell", n=0, source=word, status="finished", began=1, seconds=1.0,
                outputs=[output, picture],
            )  # fmt: skip
            ids.append(run.id)
    found = checked(compare_runs(workspace, *ids).document())
    assert not found.tags & {"script", "b onload", "svg"}


def test_page_is_written_to_a_file(mlops, pair, tmp_path):
    said = mlops("diff", *pair, "-o", str(tmp_path / "diff.html"))
    assert (said.code, said.out) == (0, f"Wrote {tmp_path / 'diff.html'}.\n")
    document = (tmp_path / "diff.html").read_text(encoding="utf-8")
    checked(document)
    assert "default-src 'none'" in document
    said = mlops("diff", *pair, "-o", str(tmp_path / "no" / "diff.html"))
    assert (said.code, "folder that exists" in said.err) == (1, True)
