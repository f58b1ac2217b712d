"""What came before a run: who wrote its files, and which cells ran in its session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from jupyter_mlops.ids import Digest, RunId
from jupyter_mlops.store.index.tables import files, runs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

_MOST = 500


def read_writers(
    connection: Connection, digests: Iterable[Digest]
) -> dict[Digest, list[RunId]]:
    """Return the runs that wrote files of these digests, the oldest first."""
    wanted = [bytes.fromhex(digest) for digest in dict.fromkeys(digests)][:_MOST]
    rows = connection.execute(
        select(files.c.digest, runs.c.run_id)
        .join(runs, runs.c.id == files.c.run)
        .where(files.c.role == "written", files.c.digest.in_(wanted))
        .order_by(runs.c.run_id)
    )
    found: dict[Digest, list[RunId]] = {}
    for digest, run_id in rows:
        writers = found.setdefault(Digest(digest.hex()), [])
        if run_id not in writers:
            writers.append(RunId(run_id))
    return found


def read_cell_runs(
    connection: Connection, notebook: str, cell_ids: Iterable[str], before: int
) -> dict[str, list[RunId]]:
    """Return the runs of a notebook's cells that began before a time, latest first.

    Parameters
    ----------
    before : int
        Microseconds since 1970.
    """
    rows = connection.execute(
        select(runs.c.cell_id, runs.c.run_id)
        .where(
            runs.c.notebook == notebook,
            runs.c.cell_id.in_(list(dict.fromkeys(cell_ids))[:_MOST]),
            runs.c.started < before,
        )
        .order_by(runs.c.started.desc())
        .limit(_MOST)
    )
    found: dict[str, list[RunId]] = {}
    for cell_id, run_id in rows:
        found.setdefault(cell_id, []).append(RunId(run_id))
    return found
