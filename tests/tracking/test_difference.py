"""What changed between two recorded runs."""

from __future__ import annotations

import json
from dataclasses import replace

import pandas as pd
import pytest

from jupyter_mlops.tracking.changes import compare_values, line_changes
from jupyter_mlops.tracking.difference import difference
from jupyter_mlops.tracking.recipes import ARTIFACT as RECIPE

DIGEST = "ab" * 32


@pytest.fixture
def compare(workspace):
    """Record two runs, each by a function of the open run; compare them."""

    def compare(*fills):
        ids = []
        for fill in fills:
            with workspace.start_run("fit") as run:
                fill(run)
            ids.append(run.id)
        before, after = map(workspace.get_run, ids)
        return difference(before, after, workspace.store.blobs.get_bytes)

    return compare


@pytest.fixture
def two_environments(workspace):
    """Compare two runs that were made in these environments; None is unrecorded."""

    def compare(*environments):
        runs = []
        for told in environments:
            with workspace.start_run("fit") as run:
                pass
            blob = told and workspace.store.blobs.put_bytes(json.dumps(told).encode())
            found = workspace.get_run(run.id)
            found.record = replace(found.record, environment=blob)
            runs.append(found)
        return difference(*runs, workspace.store.blobs.get_bytes)

    return compare


def cell(run, n, source, **fields):
    run.record(
        "cell", n=n, source=source, status="finished", began=n + 1, seconds=0.1,
        **fields,
    )  # fmt: skip


def stream(text):
    return {"output_type": "stream", "name": "stdout", "text": text}


def shown(**data):
    named = {name.replace("_", "/"): value for name, value in data.items()}
    return {"output_type": "display_data", "data": named, "metadata": {}}


def notebook(*sources):
    cells = [{"cell_type": "code", "id": "mlops-load", "source": "%load_ext x"}]
    cells += [
        {"cell_type": "code", "id": f"mlops-{at}", "source": source, "metadata": {}}
        for at, source in enumerate(sources)
    ]
    return json.dumps({"cells": cells})


def test_values_compare_with_their_types():
    before = {"a": 1, "b": float("nan"), "c": None, "d": {"x": 1, "y": 2}, "e": True}
    after = {"a": 1.0, "b": float("nan"), "d": {"y": 2, "x": 1}, "e": 1, "f": None}
    found = compare_values(before, after)
    assert [(item.name, item.how) for item in found.changes] == [
        ("a", "changed"),
        ("c", "removed"),
        ("e", "changed"),
        ("f", "added"),
    ]
    assert found.equal == 2


def test_lines_keep_only_changed_surroundings():
    text = "".join(f"{n}\n" for n in range(20))
    assert line_changes(text, text.replace("10\n", "ten\n")) == (
        "@@ -9,5 +9,5 @@", " 8", " 9", "-10", "+ten", " 11", " 12",
    )  # fmt: skip
    assert line_changes("x\n" * 6000, "y\n") == ()


def test_only_changed_cells_are_told(compare):
    found = compare(
        lambda run: [cell(run, 0, "a = 1"), cell(run, 1, "b = a + 1", cell_id="b")],
        lambda run: [cell(run, 0, "a = 1"), cell(run, 1, "b = a * 9", cell_id="b")],
    )
    (change,) = found.code.changes
    assert change.lines == ("@@ -1 +1 @@", "-b = a + 1", "+b = a * 9")
    assert (change.cell_id, found.code.equal, found.code.is_reordered) == (
        "b",
        1,
        False,
    )


def test_another_order_is_a_difference(compare):
    found = compare(
        lambda run: [cell(run, 0, "a = 1"), cell(run, 1, "b = 2")],
        lambda run: [cell(run, 0, "b = 2"), cell(run, 1, "a = 1")],
    )
    assert (found.code.changes, found.code.equal) == ((), 2)
    assert found.code.is_reordered
    assert not found.is_equal


def test_metrics_tell_their_change(compare):
    nan = float("nan")
    found = compare(
        lambda run: [run.log_metric("auc", 0.5), run.log_metric("x", nan)],
        lambda run: [
            run.log_metric("auc", 0.75), run.log_metric("x", nan),
            run.log_metric("new", 1),
        ],
    ).metrics  # fmt: skip
    assert [(item.name, item.how, item.change) for item in found.changes] == [
        ("auc", "changed", 0.25),
        ("new", "added", None),
    ]
    assert found.equal == 1


def test_packages_and_git_are_apart(two_environments):
    def told(version, commit):
        return {
            "packages": {"numpy": version, "rich": "1"},
            "git": {"commit": commit, "branch": None},
            "python": {"version": "3.11"},
        }

    found = two_environments(told("1.0", "aa"), told("2.0", "bb"))
    (package,) = found.packages.changes
    assert (package.before, package.after, found.packages.equal) == ("1.0", "2.0", 1)
    (commit,) = found.git.changes
    assert (commit.name, commit.after, found.environment.equal) == ("commit", "bb", 1)


def test_missing_environment_is_remarked(two_environments):
    found = two_environments({"packages": {"numpy": "1"}}, None)
    assert found.packages.changes == ()
    assert found.remarks == ("Environments are not compared: B has none recorded.",)


def test_files_without_digest_are_unknown(compare):
    def files(digest, size):
        def fill(run):
            run.record("file", path="a.csv", role="read", digest=digest, size=9)
            run.record("file", path="big.csv", role="read", digest=None, size=size)
            run.record("file", path="out.csv", role="written", digest=None, size=1)

        return fill

    found = compare(files(DIGEST, 5), files("cd" * 32, 6)).files
    assert [(item.path, item.how) for item in found.changes] == [
        ("a.csv", "changed"),
        ("big.csv", "changed"),
        ("out.csv", "unknown"),
    ]


def test_frames_are_compared_by_value(compare):
    old = pd.DataFrame({"n": [1, 2, 3], "t": ["x", None, "z"], "v": [[1], [2], [3]]})
    new = old.assign(n=[1, 2, 4], v=[[1], [9], [9]]).assign(more=1.5)
    found = compare(
        lambda run: run.log_table("out", old), lambda run: run.log_table("out", new)
    )
    (change,) = found.artifacts.changes
    assert change.frame.cells == 3
    assert (change.frame.shape_before, change.frame.shape_after) == ((3, 3), (3, 4))
    (column,) = change.frame.columns
    assert (column.name, column.how, column.after) == ("more", "added", "float64")
    assert change.frame.is_index_equal is True


def test_frame_dtype_and_index_changes_are_told(compare):
    old = pd.DataFrame({"n": [1, 2]})
    new = pd.DataFrame({"n": [1.0, 2.0]}, index=["a", "b"])
    found = compare(
        lambda run: run.log_table("out", old), lambda run: run.log_table("out", new)
    )
    frame = found.artifacts.changes[0].frame
    assert (frame.columns[0].before, frame.columns[0].after) == ("int64", "float64")
    assert (frame.cells, frame.is_index_equal) == (0, False)


def test_frames_of_other_length_say_so(compare):
    found = compare(
        lambda run: run.log_table("out", {"n": [1, 2]}),
        lambda run: run.log_table("out", {"n": [1]}),
    )
    frame = found.artifacts.changes[0].frame
    assert (frame.cells, frame.unread) == (None, "not of the same length")


def test_artifacts_come_and_go(compare):
    found = compare(
        lambda run: [run.log_object("a", "text"), run.log_object("same", "1")],
        lambda run: [run.log_object("b", "text"), run.log_object("same", "1")],
    ).artifacts
    assert [(item.name, item.how) for item in found.changes] == [
        ("a", "removed"),
        ("b", "added"),
    ]
    assert found.equal == 1


def test_recipes_are_code_before_the_cell(compare):
    found = compare(
        lambda run: run.log_object(RECIPE, notebook("a = 1", "fit(a)")),
        lambda run: run.log_object(RECIPE, notebook("a = 2", "fit(a)  # again")),
    )
    assert found.artifacts.changes == ()
    (change,) = found.recipe.changes
    assert change.lines == ("@@ -1 +1 @@", "-a = 1", "+a = 2")


def test_damaged_recipe_is_remarked(compare):
    found = compare(
        lambda run: run.log_object(RECIPE, "[]"),
        lambda run: run.log_object(RECIPE, notebook("a = 1")),
    )
    assert found.recipe.changes == ()
    assert "cannot be read" in found.remarks[0]


def test_printed_text_is_compared_by_line(compare):
    def printing(*outputs):
        return lambda run: cell(run, 0, "show()", outputs=list(outputs))

    found = compare(
        printing(stream("epoch 1\nloss 0.5\n"), stream("<Axes at 0x7f12ab34>")),
        printing(stream("epoch 1\nloss 0.4\n"), stream("<Axes at 0x7fffffff>")),
    ).outputs
    (change,) = found.changes
    assert change.lines == ("@@ -1,2 +1,2 @@", " epoch 1", "-loss 0.5", "+loss 0.4")
    assert found.equal == 1


def test_further_output_shifts_no_others(compare):
    warning = stream("careful") | {"name": "stderr"}
    plot = shown(image_png="AAAA")
    found = compare(
        lambda run: cell(run, 0, "show()", outputs=[stream("a"), plot]),
        lambda run: cell(run, 0, "show()", outputs=[warning, stream("a"), plot]),
    ).outputs
    (change,) = found.changes
    assert (change.how, change.lines[-1], found.equal) == ("added", "+careful", 2)


def test_outputs_of_two_kinds_are_two_changes(compare):
    found = compare(
        lambda run: cell(run, 0, "show()", outputs=[shown(text_plain="a")]),
        lambda run: cell(run, 0, "show()", outputs=[stream("a")]),
    ).outputs
    assert [item.how for item in found.changes] == ["removed", "added"]


def test_long_text_is_fetched(compare, workspace):
    def printing(word):
        text = "line\n" * 500 + word
        digest = workspace.store.blobs.put_bytes(text.encode())
        output = stream({"blob": digest, "size": len(text)})
        return lambda run: cell(run, 0, "show()", outputs=[output])

    (change,) = compare(printing("old"), printing("new")).outputs.changes
    assert change.lines[-2:] == ("-old", "+new")


def test_lost_text_differs_by_digest(compare):
    def printing(digest):
        output = stream({"blob": digest, "size": 5000})
        return lambda run: cell(run, 0, "show()", outputs=[output])

    (change,) = compare(printing(DIGEST), printing("cd" * 32)).outputs.changes
    assert (change.lines, change.before) == ((), {"stdout": DIGEST})


def test_image_differs_by_digest_of_bytes(compare, workspace):
    kept = workspace.store.blobs.put_bytes(b"\x00\x00\x00")
    image = {"blob": kept, "size": 3, "encoding": "base64"}
    found = compare(
        lambda run: cell(run, 0, "plot()", outputs=[shown(image_png=image)] * 2),
        lambda run: cell(
            run, 0, "plot()", outputs=[shown(image_png=i) for i in ("AAAA", "AAAB")]
        ),
    ).outputs
    (change,) = found.changes
    assert (change.output_after, change.before, found.equal) == (
        1,
        {"image/png": kept},
        1,
    )


def test_error_and_status_are_told(compare, workspace):
    compare(lambda run: None, lambda run: None)
    with pytest.raises(ValueError, match="bad"), workspace.start_run("fit") as run:
        raise ValueError("bad")
    before, after = (
        workspace.get_run(name) for name in (workspace.runs().run_id[1], run.id)
    )
    found = difference(before, after, workspace.store.blobs.get_bytes)
    assert [(item.name, item.after) for item in found.outcome.changes] == [
        ("error", "ValueError: bad"),
        ("status", "failed"),
    ]


def test_equal_runs_have_no_difference(compare):
    def fill(run):
        run.log_param("C", 1)
        cell(run, 0, "a = 1", outputs=[stream("a")])

    found = compare(fill, fill)
    assert found.is_equal
    assert (found.params.equal, found.code.equal, found.outputs.equal) == (1, 1, 1)
