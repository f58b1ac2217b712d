"""Log calls and small runs, beside raw sqlite3 in the same run."""

import statistics
import time

import pytest

import jupyter_mlops as mlops

pytestmark = [pytest.mark.bench, pytest.mark.timeout(300)]


def test_log_metric_a_call(workspace, said):
    """A log call costs little more than the `write` that it must make."""
    with mlops.start_run("x"):
        began = time.perf_counter()
        for step in range(100_000):
            mlops.log_metric("loss", step * 0.37)
        rate = 100_000 / (time.perf_counter() - began)
        spans = []
        for step in range(20_000):
            start = time.perf_counter_ns()
            mlops.log_metric("loss", step * 0.37)
            spans.append(time.perf_counter_ns() - start)
    bare = bare_write_seconds(workspace.layout.folder / "bare")
    median = statistics.median(spans) / 1000
    said(
        f"log_metric: {median:.1f} µs median, {rate:,.0f} a second, "
        f"{1 / rate / bare:.1f} x a bare os.write of the line"
    )
    assert 1 / rate <= 5 * bare


def bare_write_seconds(path):
    import os

    line = b"x" * 75 + b"\n"
    fd = os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY)
    began = time.perf_counter()
    for _ in range(50_000):
        os.write(fd, line)
    os.close(fd)
    return (time.perf_counter() - began) / 50_000


def test_ten_thousand_points_readable(workspace, base, said):
    mlops.runs()  # the database is imported and made
    spans = []
    for _ in range(5):
        began = time.perf_counter()
        with mlops.start_run("x") as run:
            for step in range(10_000):
                mlops.log_metric("loss", step * 0.37)
            workspace.store.index.catch_up()
            spans.append(time.perf_counter() - began)
            assert len(workspace.store.index.history(run.id, "loss")) == 10_000
    ratio = statistics.median(spans) / base
    said(f"10,000 points logged and readable: {ratio:.1f} x base ({base * 1e3:.0f} ms)")
    assert ratio <= 6


def small_run(number):
    with mlops.start_run("small", experiment="bench"):
        mlops.log_params({f"p{i}": i for i in range(20)})
        for i in range(10):
            mlops.log_metric(f"m{i}", i * 0.1)
        mlops.log_object("text", f"hello {number}")


def test_small_run(workspace, base, said):
    small_run(-1)
    spans = []
    for number in range(101):
        began = time.perf_counter()
        small_run(number)
        spans.append(time.perf_counter() - began)
    ratio = statistics.median(spans) / base
    said(f"small run: {ratio:.3f} x base, {statistics.median(spans) * 1e3:.2f} ms")
    assert ratio <= 0.15


def test_disk_of_small_runs(workspace, said):
    for number in range(200):
        small_run(number)
    before = size_of(workspace)
    for number in range(200, 700):
        small_run(number)
    a_run = (size_of(workspace) - before) / 500
    said(f"small run: {a_run:,.0f} bytes on disk, journal and index together")
    assert a_run <= 4096


def test_disk_of_points(workspace, said):
    before = size_of(workspace)
    with mlops.start_run("x"):
        for step in range(100_000):
            mlops.log_metric("loss", 1 / (step + 1.7), step)
    a_point = (size_of(workspace) - before) / 100_000
    said(f"point: {a_point:.0f} bytes on disk, journal and index together")
    assert a_point <= 120


def size_of(workspace):
    workspace.store.index.catch_up()
    workspace.store.close()  # the database's log is folded in
    layout = workspace.layout
    journals = sum(f.stat().st_size for f in layout.journals.rglob("*.jsonl"))
    return journals + layout.index.stat().st_size


@pytest.mark.parametrize("count", [10_000])
def test_search_to_data_frame(workspace, base, said, count):
    from tests.bench.test_index_bench import write_runs

    write_runs(workspace.layout, count)
    mlops.runs(limit=1)
    spans = []
    for _ in range(15):
        began = time.perf_counter()
        frame = mlops.runs(
            "metrics.m3 > 0.2 and params.p1 < 0.8 and params.p0 = 'v0'",
            order_by="metrics.m5 desc",
            limit=100,
        )
        spans.append(time.perf_counter() - began)
    assert len(frame) == 100
    ratio = statistics.median(spans) / base
    said(f"best 100 of {count:,} runs as a data frame: {ratio:.2f} x base")
    assert ratio <= 1
