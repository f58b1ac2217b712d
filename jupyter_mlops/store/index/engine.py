"""How the index's database is reached: SQLite in the workspace, PostgreSQL by URL."""

from __future__ import annotations

import os
import weakref
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from jupyter_mlops.errors import IndexUnavailableError

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection, Engine

_BUSY_SECONDS = 60
"""SQLite lets readers and one writer work at once; this is for the moments between."""


def sqlite_engine(path: Path) -> Engine:
    """Make the engine for the SQLite file at `path`; nothing is opened yet."""
    engine = create_engine(
        URL.create("sqlite+pysqlite", database=str(path)),
        connect_args={"timeout": _BUSY_SECONDS, "isolation_level": None},
    )
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    _engines.add(engine)
    return engine


def postgres_engine(url: str) -> Engine:
    """Make the engine for a PostgreSQL `url`; nothing is opened yet.

    Raises
    ------
    IndexUnavailableError
        When the URL is none, names another database, or psycopg is missing.
    """
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() not in {"postgresql", "postgres"}:
            raise IndexUnavailableError(
                f"The index cannot be kept in '{parsed.get_backend_name()}': set "
                f"index_url to a postgresql:// URL, or leave it empty for SQLite.",
                url=parsed.render_as_string(hide_password=True),
            )
        # The name alone would ask for psycopg2.
        engine = create_engine(parsed.set(drivername="postgresql+psycopg"))
    except (ArgumentError, NoSuchModuleError) as error:
        raise IndexUnavailableError(
            f"index_url is no database URL: {error}", url=url
        ) from error
    except ImportError as error:
        raise IndexUnavailableError(
            "An index in PostgreSQL needs psycopg: "
            "pip install 'jupyter-mlops[postgres]'.",
            url=url,
        ) from error
    _engines.add(engine)
    return engine


def _set_up_sqlite(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    # WAL itself is set once, when the file is made: setting it needs a lock.
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.execute("PRAGMA cache_size = -32000")
    cursor.execute("PRAGMA temp_store = MEMORY")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # The driver's own way leaves tables that are being made outside transactions.
    connection.exec_driver_sql("BEGIN")


_engines: weakref.WeakSet[Engine] = weakref.WeakSet()
_inherited: list[object] = []
"""Connections of a parent process: kept, since closing them would speak for it."""


def _after_fork_in_child() -> None:
    for engine in list(_engines):
        _inherited.append(engine.pool)
        engine.dispose(close=False)


os.register_at_fork(after_in_child=_after_fork_in_child)
