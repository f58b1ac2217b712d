"""The baseline that most figures stand beside, measured in the same run."""

from __future__ import annotations

import sqlite3
import statistics
import time
from pathlib import Path

import pytest


def seconds(call):
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def base_once(path: Path) -> float:
    """Write 10,000 five-column rows into SQLite (WAL) in one transaction."""
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("pragma journal_mode=wal")
    database.execute("create table points (a, b, c, d, e)")
    rows = [(1, 2, i, i * 0.5, i * 1.5) for i in range(10_000)]

    def work():
        database.execute("begin")
        database.executemany("insert into points values (?, ?, ?, ?, ?)", rows)
        database.execute("commit")

    took = seconds(work)
    database.close()
    return took


@pytest.fixture
def base(tmp_path):
    """Median seconds of the baseline."""
    return statistics.median(base_once(tmp_path / f"base{i}.db") for i in range(7))


@pytest.fixture
def said(capsys):
    """Print a figure where it is seen, also when the test passes."""

    def said(line):
        with capsys.disabled():
            print(f"\n    {line}")

    return said
