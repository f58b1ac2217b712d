"""Speed and size of the index, beside raw sqlite3 in the same run."""

from __future__ import annotations

import random
import sqlite3
import time
from statistics import median

import orjson
import pytest

from jupyter_mlops.ids import RunId
from jupyter_mlops.store.index import Index, RunQuery
from jupyter_mlops.store.layout import Layout

pytestmark = [pytest.mark.bench, pytest.mark.timeout(900)]

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
BEGAN = 1_790_000_000_000
"""Milliseconds: when the first of the made-up runs began."""


def made_up_id(number: int, rng: random.Random) -> RunId:
    value = (BEGAN + number * 60_000) << 80 | rng.getrandbits(80)
    return RunId("".join(ALPHABET[value >> 5 * i & 31] for i in reversed(range(26))))


def run_lines(number: int, rng: random.Random, params: int, metrics: int) -> bytes:
    now = (BEGAN + number * 60_000) * 1000
    events = [
        {"e": "writer", "format": 1, "host": "bench", "pid": 4242},
        {"e": "start", "name": f"run {number}", "experiment": "bench", "kind": "cell"},
    ]
    events += [
        {"e": "param", "k": f"p{i}", "v": rng.random() if i % 2 else f"v{i}"}
        for i in range(params)
    ]
    events += [
        {"e": "metric", "k": f"m{i}", "v": rng.random(), "s": 0} for i in range(metrics)
    ]
    digest = f"{rng.getrandbits(256):064x}"
    events.append(
        {
            "e": "artifact",
            "name": "notes.txt",
            "format": "text",
            "digest": digest,
            "size": 1000,
        }
    )
    events.append({"e": "end", "status": "finished"})
    for i, event in enumerate(events):
        event["t"] = now + 1000 + i * 25
    return b"".join(orjson.dumps(event) + b"\n" for event in events)


def write_runs(layout: Layout, count: int, params: int = 10, metrics: int = 10) -> int:
    """Write journals of small runs; returns their bytes."""
    rng = random.Random(7)
    size = 0
    for number in range(count):
        folder = layout.journal_folder(made_up_id(number, rng))
        folder.mkdir()
        data = run_lines(number, rng, params, metrics)
        (folder / "4242-abcdef01.jsonl").write_bytes(data)
        size += len(data)
    return size


def write_points(layout: Layout, count: int, keys: int = 1) -> int:
    """Write one run with `count` points; returns its bytes."""
    rng = random.Random(7)
    folder = layout.journal_folder(made_up_id(0, rng))
    folder.mkdir()
    path = folder / "4242-abcdef01.jsonl"
    now = BEGAN * 1000
    with path.open("wb") as file:
        file.write(run_lines(0, rng, 0, 0).rpartition(b'{"e":"artifact"')[0])
        for i in range(count):
            point = {
                "e": "metric",
                "k": f"loss{i % keys}" if keys > 1 else "loss",
                "v": rng.random(),
                "s": i // keys,
                "t": now + 5000 + i * 9,
            }
            file.write(orjson.dumps(point) + b"\n")
    return path.stat().st_size


def seconds(work, repeats: int = 7) -> float:
    times = []
    for _ in range(repeats):
        begin = time.perf_counter()
        work()
        times.append(time.perf_counter() - begin)
    return median(times)


@pytest.fixture
def base(tmp_path):
    """Seconds of sqlite3 for 10,000 five-column rows in one transaction."""
    connection = sqlite3.connect(tmp_path / "base.sqlite", isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute(
        "CREATE TABLE rows (a INTEGER, b TEXT, c REAL, d INTEGER, e TEXT)"
    )
    rows = [(i, f"key{i}", i / 7, i * 1000, "text") for i in range(10_000)]

    def write():
        connection.execute("BEGIN")
        connection.executemany("INSERT INTO rows VALUES (?, ?, ?, ?, ?)", rows)
        connection.execute("COMMIT")

    write()
    found = seconds(write, 21)
    connection.close()
    return found


@pytest.fixture
def workspace(tmp_path):
    made = Layout(tmp_path / "project")
    made.create()
    return made


def index_bytes(layout: Layout) -> int:
    connection = sqlite3.connect(layout.index)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return layout.index.stat().st_size


def raw_point_rate(layout: Layout, tmp_path) -> float:
    """Points a second of executemany, of the same rows into the same table."""
    source = sqlite3.connect(layout.index)
    rows = source.execute("SELECT * FROM points").fetchall()
    (sql,) = source.execute(
        "SELECT sql FROM sqlite_master WHERE name = 'points'"
    ).fetchone()
    source.close()
    raw = sqlite3.connect(tmp_path / "raw.sqlite", isolation_level=None)
    raw.execute("PRAGMA journal_mode = WAL")
    raw.execute(sql)
    begin = time.perf_counter()
    raw.execute("BEGIN")
    raw.executemany("INSERT INTO points VALUES (?, ?, ?, ?, ?, ?)", rows)
    raw.execute("COMMIT")
    rate = len(rows) / (time.perf_counter() - begin)
    raw.close()
    return rate


@pytest.mark.parametrize("keys", [1, 5])
def test_million_points_come_fast(workspace, tmp_path, keys):
    journal = write_points(workspace, 1_000_000, keys)
    index = Index(workspace)
    index.experiments()
    begin = time.perf_counter()
    found = index.catch_up()
    rate = 1_000_000 / (time.perf_counter() - begin)
    raw = raw_point_rate(workspace, tmp_path)
    size = (journal + index_bytes(workspace)) / 1_000_000
    print(
        f"\n{keys} metrics: ingest {rate:,.0f} points/s, raw {raw:,.0f}, "
        f"ratio {rate / raw:.2f}; {size:.1f} bytes a point, "
        f"{size - journal / 1_000_000:.1f} of them index"
    )
    assert found.problems == []
    assert rate / raw >= 0.5
    assert size <= 120


def test_small_runs_stay_small(workspace):
    journal = write_runs(workspace, 2000, params=20, metrics=10)
    Index(workspace).catch_up()
    index = index_bytes(workspace)
    print(
        f"\na small run: journal {journal / 2000:.0f}, index {index / 2000:.0f} bytes"
    )
    assert (journal + index) / 2000 <= 4096


@pytest.mark.parametrize(
    ("count", "limit"),
    [(10_000, 1.0), pytest.param(100_000, 3.0, marks=pytest.mark.slow)],
)
def test_search_stays_fast(workspace, base, count, limit):
    write_runs(workspace, count)
    index = Index(workspace)
    begin = time.perf_counter()
    index.catch_up()
    print(f"\n{count} runs ingested in {time.perf_counter() - begin:.1f} s")
    query = RunQuery(
        filter="metrics.m1 > 0.2 and params.p1 < 0.9 and params.p0 = 'v0'",
        order_by="metrics.m1 desc",
        limit=100,
    )
    while index.catch_up() and not index._memory.signature:
        pass  # the folder's time stamp is too fresh to be trusted

    def search():
        index.catch_up()
        return index.table(query)

    assert len(search()) == 100
    ratio = seconds(search) / base
    print(f"{count} runs: search {ratio * base * 1000:.1f} ms, {ratio:.2f} x base")
    assert ratio <= limit
