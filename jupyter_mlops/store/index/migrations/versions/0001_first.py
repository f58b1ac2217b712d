"""The first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

INT, LONG, SMALL = sa.Integer, sa.BigInteger, sa.SmallInteger
TEXT, REAL, BYTES, FLAG = sa.Text, sa.Double, sa.LargeBinary, sa.Boolean


def upgrade() -> None:
    """Make all tables."""
    _names()
    _runs()
    _values()
    _points()
    _details()


def _table(name: str, key: tuple[str, ...], /, **columns: type) -> None:
    """Make a table sorted by `key`; a name that ends with ``_n`` may be NULL."""
    op.create_table(
        name,
        *(
            sa.Column(
                column.removesuffix("_n"),
                kind(),
                nullable=column.endswith("_n"),
                autoincrement=False,
            )
            for column, kind in columns.items()
        ),
        sa.PrimaryKeyConstraint(*key),
        # Clustered: rows lie in the order they are asked for, without a second
        # copy of their key.
        sqlite_with_rowid=False,
    )


def _names() -> None:
    _table("state", ("name",), name=TEXT, value=TEXT)
    _table(
        "experiment_keys",
        ("experiment", "noun", "key"),
        experiment=INT,
        noun=SMALL,
        key=INT,
    )
    for name in ("experiments", "keys"):
        op.create_table(
            name,
            sa.Column("id", INT(), primary_key=True, autoincrement=False),
            sa.Column("name", TEXT(), nullable=False, unique=True),
        )


def _runs() -> None:
    op.create_table(
        "runs",
        sa.Column("id", INT(), primary_key=True, autoincrement=False),
        sa.Column("run_id", TEXT(), nullable=False, unique=True),
        sa.Column("is_open", FLAG(), nullable=False),
        sa.Column("experiment", INT()),
        sa.Column("name", TEXT()),
        sa.Column("kind", TEXT()),
        sa.Column("status", TEXT(), nullable=False),
        sa.Column("started", LONG()),
        sa.Column("ended", LONG()),
        sa.Column("parent", TEXT()),
        sa.Column("notebook", TEXT()),
        sa.Column("cell_id", TEXT()),
        sa.Column("error", TEXT()),
        sa.Column("note", TEXT()),
        sa.Column("environment", BYTES()),
        sa.Column("start_writer", INT()),
        sa.Column("end_writer", INT()),
        sa.Column("note_time", LONG()),
        sa.Column("note_writer", INT()),
        sa.Column("environment_time", LONG()),
        sa.Column("environment_writer", INT()),
    )
    op.create_index("runs_by_start", "runs", ["started"])
    op.create_index("runs_by_experiment", "runs", ["experiment", "started"])
    # Few runs are open, few have a parent.
    for column, test in (("is_open", "is_open"), ("parent", "parent IS NOT NULL")):
        op.create_index(
            f"runs_by_{column}",
            "runs",
            [column],
            sqlite_where=sa.text(test),
            postgresql_where=sa.text(test),
        )
    _table(
        "writers",
        ("run", "number"),
        run=INT,
        number=INT,
        name=TEXT,
        offset=LONG,
        torn=LONG,
    )


def _values() -> None:
    # By key first: filters and orders read one key of all runs.
    _table(
        "params",
        ("key", "run"),
        key=INT,
        run=INT,
        type=SMALL,
        number_n=REAL,
        text_n=TEXT,
        time=LONG,
        writer=INT,
    )
    _table(
        "metrics",
        ("key", "run"),
        key=INT,
        run=INT,
        count=LONG,
        last_n=REAL,
        step=LONG,
        time=LONG,
        min_n=REAL,
        max_n=REAL,
    )
    # The best of many thousand runs are found by walking it from its end.
    op.create_index("metrics_by_last", "metrics", ["key", "last"])
    _table(
        "tags",
        ("key", "run"),
        key=INT,
        run=INT,
        value_n=TEXT,
        time=LONG,
        writer=INT,
    )


def _points() -> None:
    is_sqlite = op.get_context().dialect.name == "sqlite"
    op.create_table(
        "points",
        sa.Column("run", INT(), nullable=False),
        sa.Column("key", INT(), nullable=False),
        sa.Column("step", LONG(), nullable=False),
        sa.Column("time", LONG(), nullable=False),
        sa.Column("twin", INT(), nullable=False),
        sa.Column("value", REAL()),
        *(
            [sa.PrimaryKeyConstraint("run", "key", "step", "time", "twin")]
            if is_sqlite
            else []
        ),
        sqlite_with_rowid=False,
    )
    if not is_sqlite:
        op.create_index("points_by_run", "points", ["run", "key", "step"])


def _details() -> None:
    _table(
        "cells",
        ("run", "position"),
        run=INT,
        position=LONG,
        body=TEXT,
        time=LONG,
        writer=INT,
    )
    _table(
        "artifacts",
        ("run", "name"),
        run=INT,
        name=TEXT,
        format=TEXT,
        digest=BYTES,
        size=LONG,
        is_folder=FLAG,
        meta_n=TEXT,
        time=LONG,
        writer=INT,
    )
    _table(
        "files",
        ("run", "role", "path"),
        run=INT,
        role=TEXT,
        path=TEXT,
        digest_n=BYTES,
        size_n=LONG,
        time=LONG,
        writer=INT,
    )
