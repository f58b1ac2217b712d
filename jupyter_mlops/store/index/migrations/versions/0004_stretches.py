"""Long series told in stretches, for drawing."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_READ_AGAIN = (
    "state, experiments, keys, experiment_keys, runs, writers, params, metrics, tags, "
    "points, cells, artifacts, files, observations, words"
)


def upgrade() -> None:
    """Make the table; all journals are read again, since points fill it."""
    longs = ("place", "count", "early", "late", "numbers")
    op.create_table(
        "stretches",
        *(
            sa.Column(name, kind(), nullable=False, autoincrement=False)
            for name, kind in (
                ("run", sa.Integer),
                ("key", sa.Integer),
                ("width", sa.SmallInteger),
                *((name, sa.BigInteger) for name in longs),
            )
        ),
        sa.Column("total", sa.Double()),
        sa.Column("points", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("run", "key", "width", "place"),
        sqlite_with_rowid=False,
    )
    # An SQLite index of an older schema is never brought forward, but made anew.
    if op.get_context().dialect.name != "sqlite":
        op.execute(f"TRUNCATE {_READ_AGAIN}")
