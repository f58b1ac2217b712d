"""The index as the other floors see it."""

from __future__ import annotations

import os
import threading
import weakref
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy.exc import DBAPIError

from jupyter_mlops.errors import IndexUnavailableError
from jupyter_mlops.store.index.answers import CatchUp
from jupyter_mlops.store.index.catching_up import Pass
from jupyter_mlops.store.index.database import is_broken, make_database, unavailable
from jupyter_mlops.store.index.questions import Questions

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from jupyter_mlops.store.index.database import Database
    from jupyter_mlops.store.index.discovery import Memory
    from jupyter_mlops.store.index.outputtexts import Peek
    from jupyter_mlops.store.layout import Layout

T = TypeVar("T")


class Index(Questions):
    """Answers questions about runs from a database derived from their journals.

    Nothing is opened before the first use. Threads may share one; a forked child
    gets connections of its own.

    Parameters
    ----------
    layout : Layout
        The workspace.
    url : str
        Of a PostgreSQL database; empty: ``index.sqlite`` in the workspace.
    wait_seconds : float
        How long to wait for another process that is indexing.
    peek : callable, optional
        Returns the beginning and the end of a blob's text: without, texts that went
        to blobs are not searched.

    Attributes
    ----------
    revision : int
        Grows when a look found the journals other than the one before.
    """

    def __init__(
        self,
        layout: Layout,
        url: str = "",
        *,
        wait_seconds: float = 10.0,
        peek: Peek | None = None,
    ) -> None:
        self._layout = layout
        self._url = url
        self._wait_seconds = wait_seconds
        self._peek = peek
        self._mutex = threading.RLock()
        self._database: Database | None = None
        self._identity = ""
        self.revision = 0
        self._forget()
        _indexes.add(self)

    def _forget(self) -> None:
        self._memory: Memory | None = None
        self._known: set[str] = set()
        self._last_known = 0

    # --- bringing it up to date ---

    def catch_up(self) -> CatchUp:
        """Bring the index up to date with the journals.

        Raises
        ------
        IndexUnavailableError
            When the database cannot be used, or a newer version made it.
        """
        with self._mutex:
            return self._guard(self._catch_up)

    def rebuild(self) -> CatchUp:
        """Throw the index away and read all journals again."""
        with self._mutex:
            return self._guard(self._rebuild)

    def _catch_up(self) -> CatchUp:
        database = self._opened()
        if self._memory is not None and self._memory.holds(self._layout):
            return CatchUp()
        with database.lock(self._wait_seconds) as is_mine:
            if not is_mine:
                return CatchUp(is_current=False)
            # Another process may have made it anew while we waited.
            return self._pass(self._opened())

    def _rebuild(self) -> CatchUp:
        database = self._database or self._make()
        # What a newer version made is not ours to throw away.
        database.is_ready()
        with database.lock(self._wait_seconds) as is_mine:
            if not is_mine:
                raise self._busy()
            database.remake()
            self._forget()
            self._identity = database.identity()
            return self._pass(database)

    def _pass(self, database: Database) -> CatchUp:
        with database.engine.connect() as connection:
            found = Pass(
                self._layout,
                connection,
                self._known,
                self._last_known,
                peek=self._peek,
            )
            before, self._memory = self._memory, None
            result, self._memory = found.run()
            # Another process may have indexed what came since our last look.
            self.revision += bool(result.runs) or before != self._memory
            self._last_known = found.last_known
        return result

    def close(self) -> None:
        """Let go of the database; the next use opens it again."""
        with self._mutex:
            if self._database is not None:
                self._database.close()
            self._database = None
            self._forget()

    def _ask(self, question: Callable[[Connection], T]) -> T:
        def ask() -> T:
            with self._opened().engine.connect() as connection:
                return question(connection)

        return self._guard(ask)

    def _guard(self, work: Callable[[], T]) -> T:
        """Do `work`; when the file turns out damaged, make it anew and do it again."""
        try:
            return work()
        except Exception as error:
            if not self._is_of_database(error):
                raise
            if not is_broken(error):
                raise unavailable(self._place(), error) from error
        try:
            with self._mutex:
                self._rebuild()
            return work()
        except Exception as error:
            if not self._is_of_database(error):
                raise
            raise unavailable(self._place(), error) from error

    def _is_of_database(self, error: Exception) -> bool:
        """Tell whether SQLAlchemy failed, or the driver that is used past it."""
        if isinstance(error, DBAPIError):
            return True
        if self._database is None:
            return False
        driver = self._database.engine.dialect.loaded_dbapi
        return isinstance(error, driver.Error)

    def _opened(self) -> Database:
        """Return the database, made if need be, and the one that is there now."""
        database = self._database
        if database is not None and database.identity() == self._identity:
            return database
        with self._mutex:
            database = self._database or self._make()
            self._forget()
            database.engine.dispose()
            if not database.is_ready():
                with database.lock(self._wait_seconds) as is_mine:
                    if not is_mine:
                        raise self._busy()
                    database.prepare()
            self._identity = database.identity()
            return database

    def _make(self) -> Database:
        self._database = make_database(self._layout, self._url)
        return self._database

    def _place(self) -> str:
        return self._url if self._database is None else self._database.place

    def _busy(self) -> IndexUnavailableError:
        return IndexUnavailableError(
            f"Another process has been working on the index {self._place()} for more "
            f"than {self._wait_seconds:g} seconds. Try again when it is done.",
            place=self._place(),
        )


_indexes: weakref.WeakSet[Index] = weakref.WeakSet()


def _after_fork_in_child() -> None:
    for index in list(_indexes):
        # The parent's may be held by a thread that the child does not have.
        index._mutex = threading.RLock()  # noqa: SLF001 - one noun, one module


os.register_at_fork(after_in_child=_after_fork_in_child)
