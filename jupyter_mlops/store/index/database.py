"""The index's database as a thing: where it is, whether it is sound, how it is made."""

from __future__ import annotations

import os
import shutil
import tempfile
import weakref
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from sqlalchemy.exc import DBAPIError

from jupyter_mlops.errors import IndexUnavailableError
from jupyter_mlops.store.index import schema
from jupyter_mlops.store.index.engine import postgres_engine, sqlite_engine
from jupyter_mlops.store.index.locking import file_lock, postgres_lock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from sqlalchemy import Engine

    from jupyter_mlops.store.layout import Layout

_BROKEN = {11, 24, 26}  # SQLITE_CORRUPT, SQLITE_FORMAT, SQLITE_NOTADB
_GENERIC = 1  # SQLITE_ERROR, a missing table for one
_SHORT_READ = 522  # SQLITE_IOERR_SHORT_READ
_COPY_ATTEMPTS = 5


class Database(Protocol):
    """What `Index` needs of SQLite and of PostgreSQL."""

    engine: Engine
    place: str

    def lock(self, wait_seconds: float) -> AbstractContextManager[bool]:
        """Become the one indexer; gives False when another was for all the wait."""

    def prepare(self) -> None:
        """Make the tables that are missing, for the holder of the lock."""

    def is_ready(self) -> bool:
        """Tell whether the tables are there, in the newest schema."""

    def identity(self) -> str:
        """Say which index this is: another after each rebuild, empty when gone."""

    def remake(self) -> None:
        """Throw everything away and make the tables anew, for the lock's holder."""

    def close(self) -> None:
        """Let go of all connections."""


class SqliteDatabase:
    """A file in the workspace.

    Parameters
    ----------
    path : Path
        The database; its lock file lies beside it.
    lock_path : Path
        Held while indexing.
    """

    def __init__(self, path: Path, lock_path: Path) -> None:
        self._path = path
        self._lock_path = lock_path
        self.place = str(path)
        self.engine = sqlite_engine(path)

    def lock(self, wait_seconds: float) -> AbstractContextManager[bool]:
        """Hold the lock file."""
        return file_lock(self._lock_path, wait_seconds)

    def is_ready(self) -> bool:
        """Tell whether the file is there with the newest schema."""
        if self.identity() == "":
            return False
        try:
            return schema.is_newest(self.engine, self._path)
        except DBAPIError as error:
            if is_broken(error):
                return False
            raise

    def identity(self) -> str:
        """Return what tells this file from one that takes its name later."""
        try:
            found = self._path.stat()
        except FileNotFoundError:
            return ""
        return f"{found.st_dev} {found.st_ino}" if found.st_size else ""

    def prepare(self) -> None:
        """Make the file; an older schema is derived data, and made anew."""
        if not self.is_ready():
            self.remake()

    def remake(self) -> None:
        """Put an empty index in the place of the one that is there.

        It is made beside and renamed, so that whoever opens the index meanwhile
        finds a whole one; the old one's log goes first, since it must not be
        taken for the new one's.
        """
        self.engine.dispose()
        beside = self._path.with_name(f"{self._path.name}.{os.getpid()}.new")
        engine = sqlite_engine(beside)
        try:
            with engine.begin() as connection:
                schema.upgrade(connection)
            with engine.connect() as connection:
                connection.rollback()
                cursor = connection.connection.cursor()
                cursor.execute("PRAGMA journal_mode = WAL")
                cursor.close()
            engine.dispose()
            for suffix in ("-wal", "-shm", "-journal"):
                self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)
            beside.replace(self._path)
        finally:
            engine.dispose()
            for suffix in ("", "-wal", "-shm", "-journal"):
                beside.with_name(beside.name + suffix).unlink(missing_ok=True)

    def close(self) -> None:
        """Close the connections."""
        self.engine.dispose()


class CopiedDatabase(SqliteDatabase):
    """A copy of a read-only workspace's index, in a temporary folder."""

    def __init__(self, path: Path) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="mlops-index-"))
        # Also for a process that never closes it.
        self._remove = weakref.finalize(
            self, shutil.rmtree, self._folder, ignore_errors=True
        )
        target = self._folder / path.name
        _copy_unchanging(path, target)
        super().__init__(target, self._folder / "index.lock")

    def close(self) -> None:
        """Close the connections and remove the copy."""
        super().close()
        self._remove()


def _copy_unchanging(path: Path, target: Path) -> None:
    """Copy a database with its log; leave none when they change all the while."""
    pairs = [
        (path.with_name(path.name + end), target.with_name(target.name + end))
        for end in ("", "-wal")
    ]
    for _ in range(_COPY_ATTEMPTS):
        before = [_look(source) for source, _ in pairs]
        for source, copy in pairs:
            copy.unlink(missing_ok=True)
            try:
                shutil.copyfile(source, copy)
            except OSError:
                continue
        if before == [_look(source) for source, _ in pairs]:
            return
    for _, copy in pairs:
        copy.unlink(missing_ok=True)


def _look(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns


class PostgresDatabase:
    """A database that a team shares; it holds the index of one workspace."""

    def __init__(self, url: str) -> None:
        self.engine = postgres_engine(url)
        self.place = self.engine.url.render_as_string(hide_password=True)

    @contextmanager
    def lock(self, wait_seconds: float) -> Iterator[bool]:
        """Hold an advisory lock."""
        with postgres_lock(self.engine, wait_seconds) as is_mine:
            yield is_mine

    def is_ready(self) -> bool:
        """Tell whether the tables are there, in the newest schema."""
        return schema.is_newest(self.engine, self.place)

    def identity(self) -> str:
        """Return the object number of a table: a new one after each rebuild."""
        with self.engine.connect() as connection:
            found = connection.exec_driver_sql(
                "SELECT to_regclass('state')::oid"
            ).scalar()
        return "" if found is None else str(found)

    def prepare(self) -> None:
        """Make the tables that are missing."""
        if not self.is_ready():
            with self.engine.begin() as connection:
                schema.upgrade(connection)

    def remake(self) -> None:
        """Drop our tables and make them anew, all at once for those who read."""
        with self.engine.begin() as connection:
            schema.drop_all(connection)
            schema.upgrade(connection)

    def close(self) -> None:
        """Close the connections."""
        self.engine.dispose()


def make_database(layout: Layout, url: str) -> Database:
    """Choose the database for a workspace."""
    if url:
        return PostgresDatabase(url)
    is_writable = layout.is_writable() and (
        not layout.index.exists() or os.access(layout.index, os.W_OK)
    )
    if is_writable:
        return SqliteDatabase(layout.index, layout.index_lock)
    return CopiedDatabase(layout.index)


def is_broken(error: Exception) -> bool:
    """Tell whether a database file is damaged or half made."""
    cause = getattr(error, "orig", error)
    code = getattr(cause, "sqlite_errorcode", None)
    if code is None:
        return False
    if code & 0xFF in _BROKEN or code == _SHORT_READ:
        return True
    return code == _GENERIC and "no such" in str(cause)


def unavailable(place: object, error: Exception) -> IndexUnavailableError:
    """Say that the database does not answer."""
    reason = str(getattr(error, "orig", None) or error).strip().splitlines()
    return IndexUnavailableError(
        f"The index {place} cannot be used: {reason[0] if reason else error}. Runs are "
        f"safe in their journals; check index_url, permissions and free space.",
        place=str(place),
    )
