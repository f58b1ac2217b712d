"""The index follows journals that grow, end, merge and move."""

from __future__ import annotations

import os
import shutil
import time

import pytest

from jupyter_mlops.errors import IndexUnavailableError, MetricNotFoundError
from jupyter_mlops.ids import new_run_id
from jupyter_mlops.records import Status
from jupyter_mlops.store import events
from jupyter_mlops.store.durability import Flusher
from jupyter_mlops.store.index import Index, RunQuery, catching_up, reading
from jupyter_mlops.store.journal import JournalWriter
from jupyter_mlops.store.layout import Layout

DIGEST = "ab" * 32


def everything(index):
    """All rows of all runs, in a form that can be compared."""
    found = []
    for record in index.find(RunQuery(order_by="run_id")):
        run_id = record.run_id
        series = [index.history(run_id, key) for key in record.metrics]
        found.append(
            (
                record,
                series,
                index.cells(run_id),
                index.artifacts(run_id),
                index.files(run_id),
            )
        )
    return repr(found)


def test_second_catch_up_reads_nothing(index, journals):
    run_id = journals.run(journals.metric("m", 1.0))
    index.catch_up()
    assert index.catch_up().events == 0
    assert len(index.history(run_id, "m")) == 1


def test_growing_run_is_followed(index, layout):
    writer = JournalWriter(layout, new_run_id(), Flusher(1.0))
    writer.append(events.encode("start", name="a", experiment="e", kind="script"))
    index.catch_up()
    assert index.run(writer.run_id).status is Status.RUNNING
    for step in range(3):
        writer.append(events.encode_metric("m", step / 2, step))
        assert index.catch_up().events == 1
    writer.append(
        events.encode("end", status="failed", error={"name": "E", "value": "v"})
    )
    writer.close()
    index.catch_up()
    record = index.run(writer.run_id)
    assert (record.status, record.error.value) == (Status.FAILED, "v")
    assert record.metrics["m"].count == 3


def test_dead_writer_means_lost(index, layout, journals):
    run_id = journals.run(end=None)
    index.catch_up()
    assert index.run(run_id).status is Status.LOST
    writer = JournalWriter(layout, run_id, Flusher(1.0))
    writer.append(events.encode("note", text="back"))
    index.catch_up()
    assert index.run(run_id).status is Status.RUNNING
    writer.close()
    index.catch_up()
    assert index.run(run_id).status is Status.LOST


def test_late_writer_of_ended_run_is_seen(index, layout, journals):
    run_id = journals.run()
    index.catch_up()
    writer = JournalWriter(layout, run_id, Flusher(1.0), joins=True)
    writer.append(events.encode_metric("m", 1.0, 0))
    writer.close()
    assert index.catch_up().events == 2
    assert index.run(run_id).metrics["m"].last == 1.0


def test_long_journal_comes_in_parts(index, journals, monkeypatch):
    monkeypatch.setattr(reading, "CHUNK_BYTES", 500)
    monkeypatch.setattr(catching_up, "BATCH_EVENTS", 20)
    lines = [journals.metric(f"m{i % 3}", i / 7, i) for i in range(300)]
    run_id = journals.run(journals.param("p", 1), *lines)
    found = index.catch_up()
    assert (found.events, found.runs) == (303, 1)
    whole = everything(index)
    monkeypatch.undo()
    index.rebuild()
    assert everything(index) == whole
    assert index.run(run_id).metrics["m0"].count == 100


def test_copied_workspaces_merge(index, journals, tmp_path):
    other = type(journals)(Layout(tmp_path / "other"))
    other.layout.create()
    mine = journals.run(journals.metric("m", 1.0))
    theirs = other.run(other.metric("m", 2.0))
    index.catch_up()
    shutil.copytree(other.layout.journals, journals.layout.journals, dirs_exist_ok=True)
    index.catch_up()
    assert {record.run_id for record in index.find(RunQuery())} == {mine, theirs}


def test_old_folder_time_still_shows_new_runs(index, journals, layout):
    journals.run()
    past = time.time() - 1000
    os.utime(layout.journals, (past, past))
    index.catch_up()
    journals.run()
    os.utime(layout.journals, (past, past))
    index.catch_up()
    assert len(index.find(RunQuery())) == 2


def test_rebuild_gives_the_same(index, journals):
    for value in range(5):
        journals.run(journals.param("p", value), journals.metric("m", value / 2))
    index.catch_up()
    before = everything(index)
    assert index.rebuild().runs == 5
    assert everything(index) == before


def test_rebuild_elsewhere_is_noticed(index, layout, url, journals):
    journals.run(journals.metric("b", 1.0), journals.metric("a", 2.0))
    index.catch_up()
    other = Index(layout, url)
    other.rebuild()
    last = journals.run(journals.metric("c", 3.0))
    other.catch_up()
    other.close()
    index.catch_up()
    assert index.run(last).metrics["c"].last == 3.0
    assert len(index.find(RunQuery())) == 2


def test_second_indexer_does_not_wait_long(index, layout, url, journals):
    index.catch_up()
    journals.run()
    other = Index(layout, url, wait_seconds=0.01)
    with index._database.lock(1) as is_mine:
        assert is_mine
        assert other.catch_up().is_current is False
        assert other.find(RunQuery()) == []
    assert other.catch_up().runs == 1
    other.close()


def test_newer_index_is_left_alone(index, layout, url):
    index.catch_up()
    with index._database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    other = Index(layout, url)
    for call in (other.catch_up, other.rebuild):
        with pytest.raises(IndexUnavailableError, match="newer"):
            call()
    with index._database.engine.connect() as connection:
        found = connection.exec_driver_sql("SELECT version_num FROM alembic_version")
        assert found.scalar() == "9999"
    other.close()


def test_unknown_metric_names_the_nearest(index, journals):
    run_id = journals.run(journals.metric("accuracy", 1.0))
    index.catch_up()
    with pytest.raises(MetricNotFoundError, match="'accuracy'"):
        index.history(run_id, "acuracy")


def test_forked_child_has_its_own_connections(index, journals):
    journals.run(journals.metric("m", 1.0))
    index.catch_up()
    child = os.fork()
    if child == 0:
        journals.run()
        fine = index.catch_up().runs == 1 and len(index.find(RunQuery())) == 2
        os._exit(0 if fine else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert index.catch_up().is_current
    assert len(index.find(RunQuery())) == 2
