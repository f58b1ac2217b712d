"""The words of runs, for full-text search."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# Neither the texts nor the places of words in them are kept, only which run has
# which word. Words come split and in lower case, so nothing else is done to them.
_SQLITE = """
CREATE VIRTUAL TABLE words USING fts5(
    text, content = '', columnsize = 0, detail = none, tokenize = 'ascii'
)
"""
_POSTGRES = (
    "CREATE TABLE words (run integer PRIMARY KEY, text tsvector NOT NULL)",
    "CREATE INDEX words_by_text ON words USING gin (text)",
)


def upgrade() -> None:
    """Make the table; the next pass over the journals fills it."""
    is_sqlite = op.get_context().dialect.name == "sqlite"
    for statement in (_SQLITE,) if is_sqlite else _POSTGRES:
        op.execute(statement)
