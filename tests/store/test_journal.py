import json
import os
import subprocess
import sys
import threading

import pytest

from jupyter_mlops.errors import RunEndedError
from jupyter_mlops.ids import new_run_id
from jupyter_mlops.store import events, journal
from jupyter_mlops.store.durability import Flusher


@pytest.fixture
def writer(layout):
    made = journal.JournalWriter(layout, new_run_id(), Flusher(0.05))
    yield made
    made.close()


def only_file(writer):
    (path,) = journal.journal_files(writer.folder)
    return path


def test_events_come_back_in_order(writer):
    for step in range(3):
        writer.append(events.encode_metric("loss", 0.5, step))
    chunk = journal.read_journal(only_file(writer))
    assert [event["e"] for event in chunk.events] == ["writer"] + ["metric"] * 3
    assert [event["s"] for event in chunk.events[1:]] == [0, 1, 2]


def test_line_is_on_disk_when_append_returns(writer):
    writer.append(events.encode("note", text="here"))
    assert only_file(writer).read_bytes().endswith(b'"text":"here"}\n')


def test_reading_goes_on_from_offset(writer):
    writer.append(events.encode("note", text="one"))
    first = journal.read_journal(only_file(writer))
    writer.append(events.encode("note", text="two"))
    second = journal.read_journal(only_file(writer), first.offset)
    assert [event["text"] for event in second.events] == ["two"]


def test_torn_last_line_is_left_and_counted(writer):
    writer.append(events.encode("note", text="whole"))
    path = only_file(writer)
    with path.open("ab") as file:
        file.write(b'{"e":"note","te')
    chunk = journal.read_journal(path)
    assert chunk.events[-1]["text"] == "whole"
    assert chunk.torn_bytes == 15


def test_bad_line_in_the_middle_is_named(writer):
    writer.append(events.encode("note", text="one"))
    path = only_file(writer)
    size = path.stat().st_size
    with path.open("ab") as file:
        file.write(b'{"e":"no\n{"e":"note","t":1,"text":"two"}\n')
    chunk = journal.read_journal(path)
    assert [event.get("text") for event in chunk.events] == [None, "one", "two"]
    assert chunk.bad_lines == [size]


def test_line_longer_than_the_limit_is_read(writer):
    writer.append(events.encode("note", text="x" * 5000))
    chunk = journal.read_journal(only_file(writer), limit=1000)
    while len(chunk.events) < 2:
        more = journal.read_journal(only_file(writer), chunk.offset, limit=1000)
        chunk.events += more.events
    assert len(chunk.events[1]["text"]) == 5000


def test_lock_tells_a_living_writer(writer):
    writer.append(events.encode("note", text="x"))
    assert journal.is_being_written(only_file(writer))
    writer.close()
    assert not journal.is_being_written(only_file(writer))


def test_append_after_close_is_refused(writer):
    writer.close()
    with pytest.raises(RunEndedError, match=writer.run_id):
        writer.append(b"{}\n")


def test_flusher_closes_what_need_not_wait(writer):
    writer.append(events.encode("note", text="x"))
    path = only_file(writer)
    writer.close(wait=False)
    with pytest.raises(RunEndedError):
        writer.append(events.encode("note", text="late"))
    while journal.is_being_written(path):
        threading.Event().wait(0.01)
    assert writer._last_fd == -1


def test_forked_child_writes_its_own_file(writer):
    writer.append(events.encode("note", text="parent"))
    child = os.fork()
    if child == 0:
        writer.append(events.encode("note", text="child"))
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    files = journal.journal_files(writer.folder)
    notes = sorted(journal.read_journal(file).events[-1]["text"] for file in files)
    assert notes == ["child", "parent"]
    assert writer.run_id in writer._layout.touched.read_text()


def test_forked_child_does_not_hold_the_lock(writer):
    writer.append(events.encode("note", text="parent"))
    path = only_file(writer)
    ready, go = os.pipe(), os.pipe()
    child = os.fork()
    if child == 0:
        os.write(ready[1], b"x")
        os.read(go[0], 1)
        os._exit(0)
    os.read(ready[0], 1)
    writer.close()
    assert not journal.is_being_written(path)
    os.write(go[1], b"x")
    os.waitpid(child, 0)


def test_short_write_is_closed_off(writer, monkeypatch):
    writer.append(events.encode("note", text="one"))
    real = os.write
    monkeypatch.setattr(os, "write", lambda fd, data: real(fd, data[:7]))
    with pytest.raises(Exception, match="make room"):
        writer.append(events.encode("note", text="torn"))
    monkeypatch.undo()
    writer.append(events.encode("note", text="two"))
    chunk = journal.read_journal(only_file(writer))
    assert [event.get("text") for event in chunk.events[1:]] == ["one", "two"]
    assert len(chunk.bad_lines) == 1


def test_no_thread_is_left_at_a_fork(layout):
    code = f"""
import os, threading
from pathlib import Path
from jupyter_mlops.ids import new_run_id
from jupyter_mlops.store import events, journal
from jupyter_mlops.store.durability import Flusher
from jupyter_mlops.store.layout import Layout
writer = journal.JournalWriter(Layout(Path({str(layout.project)!r})), new_run_id(), Flusher(60))
writer.append(events.encode("note", text="x"))
before = threading.active_count()
child = os.fork()
if child == 0:
    os._exit(0 if threading.active_count() == 1 else 1)
print(before, os.waitpid(child, 0)[1], threading.active_count())
"""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True
    )
    assert done.stdout.split() == ["2", "0", "2"], done.stderr


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf"), 1.5, 3])
def test_every_number_survives_json(value):
    event = json.loads(events.encode_metric("m", value, 0))
    assert repr(float(event["v"])) == repr(float(value))


@pytest.mark.parametrize(
    "value",
    [None, True, 2**80, "text", [1, [float("inf")]], {"a": {"b": -float("inf")}}, {}],
)
def test_every_param_survives_json(value):
    event = events.load(events.encode_param("p", value))
    assert events.from_json(event["v"]) == value
