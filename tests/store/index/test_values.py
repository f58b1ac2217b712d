"""What was written to journals is what the index says."""

from __future__ import annotations

import math

import pytest

from jupyter_mlops.records import Status
from jupyter_mlops.store import events
from jupyter_mlops.store.index import RunQuery

DIGEST = "ab" * 32


def test_run_comes_back_whole(index, journals):
    run_id = journals.run(
        journals.param("C", 0.5),
        journals.metric("auc", 0.9, 3),
        journals.tag("team", "risk"),
        journals.line("note", text="a note"),
        journals.line("environment", digest=DIGEST),
        kind="cell",
        notebook="a.ipynb",
    )
    assert index.catch_up().runs == 1
    record = index.run(run_id)
    assert record.params == {"C": 0.5}
    assert record.metrics["auc"].last == 0.9
    assert record.tags == {"team": "risk"}
    assert (record.note, record.environment, record.notebook) == (
        "a note",
        DIGEST,
        "a.ipynb",
    )
    assert record.status is Status.FINISHED


def test_details_come_back_whole(index, journals):
    error = {"name": "ValueError", "value": "no", "traceback": "…"}
    run_id = journals.run(
        journals.line(
            "artifact", name="t", format="text", digest=DIGEST, size=3, meta={"a": 1}
        ),
        journals.line(
            "cell",
            n=1,
            source="1/0",
            status="failed",
            began=5,
            seconds=0.5,
            error=error,
        ),
        journals.line("cell", n=0, source="x", status="finished", began=4, seconds=0.1),
        journals.line("file", path="a.csv", role="read", digest=DIGEST, size=9),
    )
    index.catch_up()
    assert index.artifacts(run_id)[0].meta == {"a": 1}
    assert [cell.source for cell in index.cells(run_id)] == ["x", "1/0"]
    assert index.cells(run_id)[1].error.name == "ValueError"
    assert index.files(run_id)[0].path == "a.csv"


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        0,
        3,
        -1.5,
        2**53 + 1,
        2**63,
        math.inf,
        "a\0b",
        "naïve ☃",
        [1, {"a": math.inf}],
        {},
    ],
)
def test_params_keep_their_type(index, journals, value):
    run_id = journals.run(journals.param("p", value))
    index.catch_up()
    found = index.run(run_id).params["p"]
    wanted = value.replace("\0", "\ufffd") if isinstance(value, str) else value
    assert (type(found), found) == (type(wanted), wanted)


def test_not_finite_values_are_kept(index, journals):
    values = ["NaN", 2.0, "-Infinity", "Infinity", 1, "NaN"]
    run_id = journals.run(*(journals.metric("m", v, i) for i, v in enumerate(values)))
    index.catch_up()
    series = index.history(run_id, "m")
    assert [repr(v) for v in series.values] == [
        "nan",
        "2.0",
        "-inf",
        "inf",
        "1.0",
        "nan",
    ]
    summary = index.run(run_id).metrics["m"]
    assert (summary.count, summary.min, summary.max) == (6, -math.inf, math.inf)
    assert math.isnan(summary.last)


def test_last_is_by_step(index, journals):
    run_id = journals.run(journals.metric("m", 0.1, 5), journals.metric("m", 0.7, 2))
    index.catch_up()
    assert index.run(run_id).metrics["m"].last == 0.1


def test_same_moment_keeps_both_points(index, journals):
    line = {"e": "metric", "k": "m", "s": 0, "t": journals.now}
    lines = [events.dump({**line, "v": v}) for v in (2.0, 1.0, "NaN", 2.0)]
    run_id = journals.run(*lines)
    index.catch_up()
    assert repr(index.history(run_id, "m").values) == "[nan, 1.0, 2.0, 2.0]"


def test_removed_tag_is_gone(index, journals):
    run_id = journals.run(
        journals.tag("a", "1"), journals.tag("b", "2"), journals.tag("a", None)
    )
    index.catch_up()
    assert index.run(run_id).tags == {"b": "2"}
    assert "tags.a" not in index.table(RunQuery()).columns


def test_observations_are_kept_by_name(index, journals):
    said = {"models": [{"class": "Ridge", "alpha": {"$float": "NaN"}}]}
    run_id = journals.run(
        journals.line("observation", k="stamp", v="first"),
        journals.line("observation", k="stamp", v={"in_order": False}),
        journals.line("observation", k="seen", v=said),
        journals.line("observation", k="no value"),
    )
    index.catch_up()
    found = index.observations(run_id)
    assert found["stamp"] == {"in_order": False}
    assert math.isnan(found["seen"]["models"][0]["alpha"])
    assert set(found) == {"stamp", "seen"}


def test_file_keeps_its_version(index, journals):
    run_id = journals.run(
        journals.line("file", path="s3://b/k", role="read", version="etag:1")
    )
    index.catch_up()
    (found,) = index.files(run_id)
    assert (found.version, found.digest, found.size) == ("etag:1", None, None)


def test_cell_keeps_what_it_used(index, journals):
    fields = {"source": "1", "status": "finished", "began": 1, "seconds": 2.0}
    run_id = journals.run(journals.line("cell", n=0, **fields, cpu=1.5, peak=4096))
    index.catch_up()
    (cell,) = index.cells(run_id)
    assert (cell.cpu_seconds, cell.peak_bytes) == (1.5, 4096)
