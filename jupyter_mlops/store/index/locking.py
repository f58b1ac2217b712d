"""One indexer at a time, over all processes that know the same index."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine

_POLL_SECONDS = 0.01
_POSTGRES_KEY = 0x6D6C6F7073  # "mlops"


@contextmanager
def file_lock(path: Path, wait_seconds: float) -> Iterator[bool]:
    """Hold the lock file; gives False when another holds it for `wait_seconds`."""
    from filelock import FileLock, Timeout

    lock = FileLock(path, thread_local=False)
    try:
        lock.acquire(timeout=wait_seconds, poll_interval=_POLL_SECONDS)
    except Timeout:
        yield False
        return
    try:
        yield True
    finally:
        lock.release()


@contextmanager
def postgres_lock(engine: Engine, wait_seconds: float) -> Iterator[bool]:
    """Hold an advisory lock of the database, on a connection of its own."""
    until = time.monotonic() + wait_seconds
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        ask = f"SELECT pg_try_advisory_lock({_POSTGRES_KEY})"
        while not connection.exec_driver_sql(ask).scalar():
            if time.monotonic() >= until:
                yield False
                return
            time.sleep(_POLL_SECONDS)
        try:
            yield True
        finally:
            connection.exec_driver_sql(f"SELECT pg_advisory_unlock({_POSTGRES_KEY})")
