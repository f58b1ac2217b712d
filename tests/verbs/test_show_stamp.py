"""The stamp and what a cell used, as `show` tells them."""

import pytest


@pytest.fixture
def stamped(workspace):
    """A run with a stamp, a cell that was measured, and a file that it read."""
    file = workspace.layout.project / "data.csv"
    file.write_text("a\n1\n")
    with workspace.start_run("fit") as run:
        run.observe(
            "stamp",
            {
                "line": "ran out of document order, nothing unseeded",
                "words": ["out-of-order"],
                "order": "other",
                "misplaced": ["Cell [2] stands above cell [1] but ran after it."],
            },
        )
        run.record("file", path="data.csv", role="read", digest="0" * 64, size=4)
        run.record(
            "cell", n=0, source="fit()", status="finished", began=0, seconds=2.0,
            cpu=7.5, peak=1_500_000_000,
        )  # fmt: skip
    return file


def test_run_shows_its_stamp_and_costs(mlops, stamped):
    text = mlops("show", "last").out
    assert "stamp" in text
    assert "ran out of document order, nothing unseeded" in text
    assert "7.5 s" in text
    assert "1.5 GB" in text


def test_reasons_are_told_on_demand(mlops, stamped):
    stamped.unlink()
    lines = mlops("show", "last", "--why").out.splitlines()
    assert lines[0].endswith("nothing unseeded, a file that it read changed since")
    assert [line.strip() for line in lines[1:]] == [
        "Cell [2] stands above cell [1] but ran after it.",
        "data.csv is gone.",
    ]


@pytest.mark.parametrize("options", [("--why",), ()])
def test_json_has_all_of_the_stamp(mlops_json, stamped, options):
    stamped.write_text("a\n1\n2\n")
    told = mlops_json("show", "last", *options)
    told = told if options else told["stamp"]
    assert told["words"] == ["out-of-order"]
    assert told["files_changed"] == [{"path": "data.csv", "why": "changed since"}]


def test_run_without_a_stamp_says_so(mlops, workspace):
    with workspace.start_run("plain"):
        pass
    assert "nothing to say" in mlops("show", "last", "--why").out
