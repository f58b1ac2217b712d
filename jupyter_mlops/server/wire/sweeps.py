"""A sweep: its points, the best first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlops.server.wire.batch import job
from jupyter_mlops.server.wire.plain import plain
from jupyter_mlops.server.wire.runs import run

if TYPE_CHECKING:
    from jupyter_mlops.pipeline.sweeps.results import PointResult, SweepResult
    from jupyter_mlops.records import RunRecord
    from jupyter_mlops.server.wire.runs import Locate
    from jupyter_mlops.workspace.jobs import Job


def sweep(
    found: SweepResult,
    record: RunRecord,
    planned: int | None,
    running: Job | None,
    locate: Locate,
    *,
    is_resumable: bool,
) -> dict[str, Any]:
    """Say a sweep; `planned` is how many points it may have, if that is known."""
    best = found.best
    return {
        "run": run(record, locate),
        "job": None if running is None else job(running, locate),
        "metric": found.metric or None,
        "goal": ("min" if found.is_lower_better else "max") if found.metric else None,
        "shared_cells": found.shared,
        "not_shared": found.why_not,
        "resumed": found.resumed.line if found.resumed else "",
        "is_resumable": is_resumable,
        "planned": planned,
        "best": None if best is None else best.number,
        "params": list(
            dict.fromkeys(key for one in found.points for key in one.values)
        ),
        "metrics": list(
            dict.fromkeys(key for one in found.points for key in one.metrics)
        ),
        "points": [_point(one) for one in found.ranked],
    }


def _point(found: PointResult) -> dict[str, Any]:
    return {
        "point": found.number,
        "run_id": found.run_id or None,
        "state": str(found.state),
        "params": plain(dict(found.values)),
        "metrics": plain(dict(found.metrics)),
        "seconds": found.seconds,
        "why": found.why,
        "is_earlier": found.is_earlier,
    }
