"""Changes of runs, read from their journals while they are written."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from jupyter_mlops import errors
from jupyter_mlops.records import Kind
from jupyter_mlops.store.journal import journal_files
from jupyter_mlops.tracking.run import Run
from jupyter_mlops.workspace.following import Cursor, id_at

ROOT = Path(__file__).parents[2]


def begin(workspace, name, parent=None):
    return Run.begin(
        workspace.store, workspace.formats, name=name, experiment="e",
        kind=Kind.PARENT, parent=parent,
    )  # fmt: skip


def all_of(workspace, run_id, cursor=None):
    """Ask until nothing more comes; give what came and the cursor."""
    found = []
    while True:
        events, cursor = workspace.following.changes(run_id, cursor)
        found += events
        if not events:
            return found, cursor


def kinds(events):
    return [event["e"] for event in events]


def test_only_what_is_new_is_given(workspace):
    run = begin(workspace, "a")
    first, cursor = all_of(workspace, run.id)
    assert kinds(first) == ["start"]
    run.log_metric("m", 1.5)
    second, cursor = all_of(workspace, run.id, cursor)
    assert [(e["e"], e["k"], e["v"], e["run"]) for e in second] == [
        ("metric", "m", 1.5, run.id)
    ]
    assert not cursor.is_over


def test_end_is_the_last_word(workspace):
    run = begin(workspace, "a")
    _, cursor = all_of(workspace, run.id)
    run.end()
    events, cursor = all_of(workspace, run.id, cursor)
    assert kinds(events)[-1] == "end"
    assert cursor.is_over
    assert workspace.following.changes(run.id, cursor) == ([], cursor)


def test_runs_within_are_followed_too(workspace):
    outer = begin(workspace, "a")
    _, cursor = all_of(workspace, outer.id)
    begin(workspace, "beside").end()
    child = begin(workspace, "b", outer.id)
    grandchild = begin(workspace, "c", child.id)
    events, cursor = all_of(workspace, outer.id, cursor)
    assert [event["name"] for event in events if event["e"] == "start"] == ["b", "c"]
    outer.end()
    child.end()
    _, cursor = all_of(workspace, outer.id, cursor)
    assert not cursor.is_over
    grandchild.end()
    events, cursor = all_of(workspace, outer.id, cursor)
    assert [event["run"] for event in events] == [grandchild.id]
    assert cursor.is_over


def test_ended_runs_are_given_whole(workspace):
    outer = begin(workspace, "a")
    child = begin(workspace, "b", outer.id)
    child.end()
    outer.end()
    for _ in range(3):
        begin(workspace, "later").end()
    events, cursor = all_of(workspace, outer.id)
    assert kinds(events) == ["start", "start", "end", "end"]
    assert cursor.is_over


def test_torn_line_waits_for_its_end(workspace):
    run = begin(workspace, "a")
    _, cursor = all_of(workspace, run.id)
    (path,) = journal_files(workspace.layout.journal_folder(run.id))
    line = b'{"e":"metric","t":1,"k":"m","v":2,"s":0}\n'
    with path.open("ab", buffering=0) as file:
        file.write(line[:20])
        assert all_of(workspace, run.id, cursor)[0] == []
        file.write(line[20:])
    assert kinds(all_of(workspace, run.id, cursor)[0]) == ["metric"]


def test_line_torn_for_good_is_passed_over(workspace):
    run = begin(workspace, "a")
    (path,) = journal_files(workspace.layout.journal_folder(run.id))
    with path.open("ab", buffering=0) as file:
        file.write(b'{"e":"met\n')
    run.log_metric("m", 1)
    assert kinds(all_of(workspace, run.id)[0]) == ["start", "metric"]


def test_folder_without_a_first_line_is_seen_later(workspace):
    outer = begin(workspace, "a")
    _, cursor = all_of(workspace, outer.id)
    child = begin(workspace, "b", outer.id)
    (path,) = journal_files(workspace.layout.journal_folder(child.id))
    data = path.read_bytes()
    path.write_bytes(data[:30])
    assert all_of(workspace, outer.id, cursor)[0] == []
    path.write_bytes(data)
    assert kinds(all_of(workspace, outer.id, cursor)[0]) == ["start"]


KILLED = """
import sys, time
from jupyter_mlops.workspace import Workspace
run = Workspace(sys.argv[1]).start_run("a")
print(run.id, flush=True)
time.sleep(600)
"""


def test_killed_run_is_lost(workspace):
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, str(workspace.layout.project)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as process:
        run_id = process.stdout.readline().strip()
        events, cursor = all_of(workspace, run_id)
        assert (kinds(events)[0], cursor.is_over) == ("start", False)
        process.send_signal(signal.SIGKILL)
        process.wait()
    events, cursor = all_of(workspace, run_id, cursor)
    assert kinds(events) == ["lost"]
    assert cursor.is_over


def test_cursor_is_a_text_on_the_way(workspace):
    outer = begin(workspace, "a")
    found, cursor = [], Cursor()
    for number in range(4):
        child = begin(workspace, f"c{number}", outer.id)
        child.end()
        begin(workspace, "beside").end()
        events, cursor = all_of(workspace, outer.id, cursor)
        cursor = Cursor.from_text(cursor.to_text())
        found += events
    starts = [event["name"] for event in found if event["e"] == "start"]
    assert starts == ["a", "c0", "c1", "c2", "c3"]
    with pytest.raises(errors.InvalidInputError, match="without a cursor"):
        Cursor.from_text('{"offsets": 1}')


def test_kinds_can_be_chosen(workspace):
    run = begin(workspace, "a")
    run.log_metric("m", 1)
    events, _ = workspace.following.changes(run.id, kinds={"metric"})
    assert kinds(events) == ["metric"]


def test_long_journals_come_in_parts(workspace):
    run = begin(workspace, "a")
    for at in range(40_000):
        run.log_metric("m", at)
    first, cursor = workspace.following.changes(run.id)
    assert 0 < len(first) < 40_000
    rest, _ = all_of(workspace, run.id, cursor)
    assert len(first) + len(rest) == 40_001


def test_beginnings_of_ids_are_in_order():
    now = time.time()
    assert id_at(now - 61) < id_at(now) < id_at(now + 0.01)
