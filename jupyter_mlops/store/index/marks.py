"""The last run of each cell of a notebook, and the text that the cell had then."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import select

from jupyter_mlops.records import Kind
from jupyter_mlops.store.index.answers import MarkedCell
from jupyter_mlops.store.index.queries import read_records
from jupyter_mlops.store.index.tables import cells, runs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

_MOST = 1000


def read_marks(connection: Connection, notebooks: Sequence[str]) -> list[MarkedCell]:
    """Return the last run of each cell; `notebooks` are names of one and the same."""
    wanted = (
        select(runs.c.id, runs.c.cell_id)
        .where(
            runs.c.kind == str(Kind.CELL),
            runs.c.notebook.in_(notebooks),
            runs.c.cell_id.is_not(None),
            runs.c.started.is_not(None),
        )
        .order_by(runs.c.started.desc(), runs.c.run_id.desc())
    )
    last: dict[str, int] = {}
    for number, cell_id in connection.execute(wanted):
        last.setdefault(cell_id, number)
    numbers = list(last.values())[:_MOST]
    if not numbers:
        return []
    found = read_records(connection, numbers, ("metrics", "tags"))
    sources = _sources(connection, numbers)
    return [
        MarkedCell(run=record, source=sources.get(number, ""))
        for number, record in zip(numbers, found, strict=True)
    ]


def _sources(connection: Connection, numbers: Sequence[int]) -> dict[int, str]:
    rows = connection.execute(
        select(cells.c.run, cells.c.body)
        .where(cells.c.run.in_(numbers))
        .order_by(cells.c.position)
    )
    return {run: str(json.loads(body).get("source", "")) for run, body in rows}
