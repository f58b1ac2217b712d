"""A notebook while it runs."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from jupyter_mlops.server.wire.batch import job
from jupyter_mlops.server.wire.pipelines import progress
from jupyter_mlops.server.wire.plain import moment, plain

if TYPE_CHECKING:
    from jupyter_mlops.server.wire.runs import Locate
    from jupyter_mlops.workspace.jobs import Job
    from jupyter_mlops.workspace.livebooks import Page, ShownCell


def live(
    page: Page,
    running: Job | None,
    book: str,
    *,
    is_held: bool,
    pipeline: str | None,
    sweep: str | None,
    locate: Locate,
) -> dict[str, Any]:
    """Say how a run stands, and the cells that changed.

    Parameters
    ----------
    book : str
        Names the count that `seen` belongs to: another one begins anew.
    is_held : bool
        The state that it failed in can be attached to.
    pipeline : str or None
        The file of the pipeline that it is a step of.
    sweep : str or None
        The run of the sweep that it is a point of.
    """
    run = page.run
    current = run.current
    return {
        "run_id": run.id,
        "name": run.name,
        "kind": run.kind,
        "status": run.status,
        "notebook": locate(run.notebook) if run.notebook else None,
        "began": _moment(run.began),
        "error": run.error,
        "progress": progress(page),
        "current": current.position if current else None,
        "book": book,
        "seen": page.seen,
        "cells": [_cell(one) for one in page.cells],
        "metrics": plain(dict(run.metrics)),
        "job": None if running is None else job(running, locate),
        "is_attachable": is_held,
        "pipeline": locate(pipeline) if pipeline else None,
        "sweep": sweep,
    }


def _cell(found: ShownCell) -> dict[str, Any]:
    cell = found.cell
    return {
        "position": cell.position,
        "source": cell.source,
        "status": cell.status,
        "began": _moment(cell.began),
        "seconds": cell.seconds,
        "execution_count": cell.count or None,
        "is_restored": cell.is_restored,
        "expected": found.expected,
        "outputs": plain(found.outputs),
    }


def _moment(microseconds: int) -> str | None:
    if not microseconds:
        return None
    return moment(datetime.fromtimestamp(microseconds / 1e6, UTC))
