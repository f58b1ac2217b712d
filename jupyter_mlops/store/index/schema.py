"""Which schema the index has, and how it is brought forward.

Alembic is imported only when the stored version is not the newest.
"""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

from sqlalchemy.exc import OperationalError, ProgrammingError

from jupyter_mlops.errors import IndexUnavailableError

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection, Engine

HEAD = "0004"
KNOWN = frozenset({"0001", "0002", "0003", HEAD})

_VERSION = "SELECT version_num FROM alembic_version"

_one_at_a_time = threading.Lock()
"""Alembic's `op` stands for one connection in the whole process: a second thread that
upgrades another index meanwhile would work on the first one's."""


def _after_fork_in_child() -> None:
    global _one_at_a_time  # noqa: PLW0603 - the parent's may be held by a thread of its
    _one_at_a_time = threading.Lock()


os.register_at_fork(after_in_child=_after_fork_in_child)


def stored_version(engine: Engine) -> str:
    """Return the schema's version, empty when there is none yet."""
    try:
        with engine.connect() as connection:
            row = connection.exec_driver_sql(_VERSION).first()
    except (OperationalError, ProgrammingError) as error:
        # SQLite says "no such table", PostgreSQL "undefined table".
        if "alembic_version" in str(error.orig):
            return ""
        raise
    return "" if row is None else str(row[0])


def is_newest(engine: Engine, place: Path | str) -> bool:
    """Tell whether the schema is the one that this version works with.

    Raises
    ------
    IndexUnavailableError
        When a newer version made it; it is left as it is.
    """
    version = stored_version(engine)
    if version and version not in KNOWN:
        raise IndexUnavailableError(
            f"The index {place} was made by a newer jupyter_mlops (schema {version}, "
            f"this one knows {HEAD}) and was left as it is. Upgrade with "
            f"'pip install -U jupyter-mlops', or name another index with "
            f"JUPYTER_MLOPS_INDEX_URL.",
            place=str(place),
            found=version,
        )
    return version == HEAD


def upgrade(connection: Connection) -> None:
    """Bring the schema to `HEAD`, within the transaction of `connection`."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", f"{__package__}:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    with _one_at_a_time:
        command.upgrade(config, "head")


def drop_all(connection: Connection) -> None:
    """Drop our tables, and those only."""
    from jupyter_mlops.store.index.tables import WORDS, metadata

    for table in (WORDS, *metadata.tables):
        connection.exec_driver_sql(f"DROP TABLE IF EXISTS {table}")
    connection.exec_driver_sql("DROP TABLE IF EXISTS alembic_version")
