"""What changed in what was shown, read and not committed."""

from __future__ import annotations

import pandas as pd
import pytest

from jupyter_mlops.tracking.difference import difference
from jupyter_mlops.tracking.surroundings import DIFF


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


def cell(run, source, output):
    run.record(
        "cell", n=0, source=source, status="finished", began=1, seconds=0.1,
        outputs=[output],
    )  # fmt: skip


def shown(mime, value):
    data = {mime: value}
    return {"output_type": "display_data", "data": data, "metadata": {}}


def test_displayed_tables_differ_by_value(compare):
    def showing(*values):
        def fill(run):
            head = {"values": [list(values)]}
            told = {"cell": 0, "output": 0, "library": "pandas", "head": head}
            run.observe(
                "frames", [told | {"shape": [2, 1], "columns": [["n", "int64"]]}]
            )
            cell(run, "df", shown("text/plain", f"n {values}"))

        return fill

    (change,) = compare(showing(1, 2), showing(1, 5)).outputs.changes
    (value,) = change.table.cells
    assert (value.row, value.column, value.before, value.after) == ("1", "n", 2, 5)


def test_tables_are_read_from_html_alone(compare):
    def showing(frame):
        html = frame.to_html()
        return lambda run: cell(run, "df", shown("text/html", html))

    frame = pd.DataFrame({"n": [1, 2]})
    found = compare(showing(frame), showing(frame * 3)).outputs
    assert [item.after for item in found.changes[0].table.cells] == ["3", "6"]


def test_views_of_widgets_are_no_difference(compare):
    def showing(number):
        view = shown("application/vnd.jupyter.widget-view+json", {"model_id": number})
        return lambda run: cell(run, "slider", view)

    assert compare(showing("a"), showing("b")).outputs.changes == ()


def test_uncommitted_changes_are_gits(compare, workspace):
    def changing(line):
        text = f"--- a/x.py\n+++ b/x.py\n+{line}\n".encode()
        digest = workspace.store.blobs.put_bytes(text)

        def fill(run):
            run.record(
                "artifact", name=DIFF, format="file", digest=digest, size=len(text)
            )
            run.observe("git", {"dirty": True, "changed": ["x.py"]})

        return fill

    found = compare(changing("a = 1"), changing("a = 2"))
    assert found.git.lines[-2:] == ("-+a = 1", "++a = 2")
    assert found.artifacts.changes == ()
    assert not found.is_equal


def test_rows_and_columns_of_files_are_told(compare):
    def reading(rows, *names):
        def fill(run):
            run.record("file", path="a.csv", role="read", digest=f"{rows:064x}", size=9)
            columns = [[name, ""] for name in names]
            schema = {"rows": rows, "width": len(names), "columns": columns}
            run.observe("schemas", {"a.csv": schema})

        return fill

    (change,) = compare(reading(2, "a"), reading(5, "a", "b")).files.changes
    assert (change.frame.shape_before, change.frame.shape_after) == ((2, 1), (5, 2))
    assert [item.name for item in change.frame.columns] == ["b"]
