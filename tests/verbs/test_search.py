"""Runs found by their words."""

from __future__ import annotations

import re

import pytest


@pytest.fixture
def noted(workspace):
    """Runs with notes of their own, one of them hostile to terminals."""
    ids = {}
    for name, note in (
        ("first", "KeyError: 'region' in the\nsecond file"),
        ("second", "the region is fine"),
        ("third", "a [bold]region[/bold] with \x1b[31mKeyError"),
    ):
        with workspace.start_run(name, experiment="exp") as run:
            run.log_note(note)
            ids[name] = run.id
    return ids


@pytest.mark.usefixtures("noted")
def test_all_words_must_occur(mlops):
    found = mlops("search", "KeyError region")
    assert found.code == 0
    assert "first  exp  finished" in found.out
    assert "    note: KeyError: 'region' in the second file\n" in found.out
    assert "second  exp" not in found.out
    # Words may be given one by one, too.
    one_by_one = mlops("search", "KeyError", "region").out
    said = [re.sub(r"\d+ s ago", "", out) for out in (one_by_one, found.out)]
    assert said[0] == said[1]


@pytest.mark.usefixtures("noted")
def test_snippets_steer_no_terminal(mlops):
    out = mlops("search", "third").out + mlops("search", "bold").out
    assert "[bold]region[/bold]" in out
    assert "\x1b" not in out


def test_marks_are_in_json(mlops_json, noted):
    (hit,) = mlops_json("search", '"the second"')
    assert (hit["run_id"], hit["field"]) == (noted["first"], "note")
    ((begin, end),) = hit["marks"]
    assert hit["snippet"][begin:end] == "the second"


@pytest.mark.usefixtures("noted")
def test_limit_says_there_is_more(mlops):
    assert "--limit" in mlops("search", "region", "-n", "2").out
    assert "--limit" not in mlops("search", "region", "-n", "3").out
    assert mlops("search", "nowhere").out == "Found in no run.\n"


@pytest.mark.usefixtures("noted")
@pytest.mark.parametrize(
    ("words", "said"),
    [(['"*('], "no word"), (["region", "-e", "exq"], "'exp'")],
)
def test_wrong_searches_are_explained(mlops, words, said):
    found = mlops("search", *words)
    assert (found.code, found.out) == (1, "")
    assert said in found.err
