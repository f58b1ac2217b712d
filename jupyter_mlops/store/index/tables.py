"""The index's tables, as SQLAlchemy Core sees them.

What is stored is derived from the journals alone. Names of params, metrics and tags
are interned in `keys`, runs are integers inside, and every column called ``time``
counts microseconds from the moment that the run's id was made: one million points
take half the room so. `migrations/` holds the statements that make these tables.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
)

metadata = MetaData()

WORDS = "words"
"""The table that is searched: each database has its own kind, so it is none here."""

PARAM, METRIC, TAG = 0, 1, 2
"""What a key names, in `experiment_keys`."""

state = Table("state", metadata, Column("name", Text), Column("value", Text))

experiments = Table(
    "experiments", metadata, Column("id", Integer), Column("name", Text)
)

keys = Table("keys", metadata, Column("id", Integer), Column("name", Text))

# Which keys the runs of an experiment may have: what params, metrics and tags are
# looked up by, since those tables are sorted by key first.
experiment_keys = Table(
    "experiment_keys",
    metadata,
    Column("experiment", Integer),
    Column("noun", SmallInteger),
    Column("key", Integer),
)

# A run whose start event was not read yet has no `started`, and is shown to nobody.
runs = Table(
    "runs",
    metadata,
    Column("id", Integer),
    Column("run_id", Text),
    Column("is_open", Boolean),
    Column("experiment", Integer),
    Column("name", Text),
    Column("kind", Text),
    Column("status", Text),
    Column("started", BigInteger),
    Column("ended", BigInteger),
    Column("parent", Text),
    Column("notebook", Text),
    Column("cell_id", Text),
    Column("error", Text),
    Column("note", Text),
    Column("environment", LargeBinary),
    Column("start_writer", Integer),
    Column("end_writer", Integer),
    Column("note_time", BigInteger),
    Column("note_writer", Integer),
    Column("environment_time", BigInteger),
    Column("environment_writer", Integer),
)

writers = Table(
    "writers",
    metadata,
    Column("run", Integer),
    Column("number", Integer),
    Column("name", Text),
    Column("offset", BigInteger),
    Column("torn", BigInteger),
)

params = Table(
    "params",
    metadata,
    Column("key", Integer),
    Column("run", Integer),
    Column("type", SmallInteger),
    Column("number", Double),
    Column("text", Text),
    Column("time", BigInteger),
    Column("writer", Integer),
)

# `min` and `max` are NULL also when there is one point only: they are `last` then.
metrics = Table(
    "metrics",
    metadata,
    Column("key", Integer),
    Column("run", Integer),
    Column("count", BigInteger),
    Column("last", Double),
    Column("step", BigInteger),
    Column("time", BigInteger),
    Column("min", Double),
    Column("max", Double),
)

tags = Table(
    "tags",
    metadata,
    Column("key", Integer),
    Column("run", Integer),
    Column("value", Text),
    Column("time", BigInteger),
    Column("writer", Integer),
)

# `twin` tells points of one metric apart that share step and microsecond.
points = Table(
    "points",
    metadata,
    Column("run", Integer),
    Column("key", Integer),
    Column("step", BigInteger),
    Column("time", BigInteger),
    Column("twin", Integer),
    Column("value", Double),
)

# What long series are drawn from: all points of 2**width steps, told in a few.
stretches = Table(
    "stretches",
    metadata,
    Column("run", Integer),
    Column("key", Integer),
    Column("width", SmallInteger),
    Column("place", BigInteger),
    Column("count", BigInteger),
    Column("early", BigInteger),
    Column("late", BigInteger),
    Column("numbers", BigInteger),
    Column("total", Double),
    Column("points", LargeBinary),
)

cells = Table(
    "cells",
    metadata,
    Column("run", Integer),
    Column("position", BigInteger),
    Column("body", Text),
    Column("time", BigInteger),
    Column("writer", Integer),
)

artifacts = Table(
    "artifacts",
    metadata,
    Column("run", Integer),
    Column("name", Text),
    Column("format", Text),
    Column("digest", LargeBinary),
    Column("size", BigInteger),
    Column("is_folder", Boolean),
    Column("meta", Text),
    Column("time", BigInteger),
    Column("writer", Integer),
)

files = Table(
    "files",
    metadata,
    Column("run", Integer),
    Column("role", Text),
    Column("path", Text),
    Column("digest", LargeBinary),
    Column("size", BigInteger),
    Column("version", Text),
    Column("time", BigInteger),
    Column("writer", Integer),
)

observations = Table(
    "observations",
    metadata,
    Column("run", Integer),
    Column("name", Text),
    Column("body", Text),
    Column("time", BigInteger),
    Column("writer", Integer),
)
