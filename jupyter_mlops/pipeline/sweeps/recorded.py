"""A sweep as its runs tell it: read back, also when its process was killed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from jupyter_mlops.pipeline.sweeps.points import values_key
from jupyter_mlops.pipeline.sweeps.results import (
    OBSERVATION,
    POINT_TAG,
    PRUNED,
    PointResult,
    PointState,
    SweepResult,
    metric_of,
)
from jupyter_mlops.records import Status
from jupyter_mlops.tracking.resumed import read_resumed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jupyter_mlops.tracking.recorded import RecordedRun

_STATES = {
    Status.RUNNING: PointState.RUNNING,
    Status.FINISHED: PointState.FINISHED,
    Status.FAILED: PointState.FAILED,
    Status.CANCELLED: PointState.CANCELLED,
    Status.LOST: PointState.LOST,
}


def sweep_of(run: RecordedRun) -> SweepResult | None:
    """Return what a run tells of its sweep, None when it is none."""
    told = run.observations.get(OBSERVATION)
    if not isinstance(told, dict) or "space" not in told:
        return None
    kept = {item.number: item for item in _points_told(told)}
    known = set(kept)
    # While it goes on, and when its process was killed. Of one that was tried again
    # the last run counts; their ids sort by time.
    found = [point_of(child, told["space"]) for child in run.children]
    for item in sorted(filter(None, found), key=lambda item: item.run_id):
        if item.number not in known:
            kept[item.number] = item
    points = sorted(kept.values(), key=lambda item: item.number)
    return SweepResult(
        run_id=run.id,
        name=run.name,
        status=run.status,
        points=points,
        metric=told.get("metric") or metric_of(points),
        is_lower_better=told.get("goal") == "min",
        seed=told.get("seed"),
        shared=told.get("shared_cells") or 0,
        why_not=told.get("not_shared") or "",
        resumed=read_resumed(run.observations),
    )


def point_of(run: RecordedRun, space: Iterable[str]) -> PointResult | None:
    """Return what a run tells of its point, None when it is none."""
    number, _, word = run.tags.get(POINT_TAG, "").partition(", ")
    if not number.isdecimal():
        return None
    state = _STATES[run.status]
    if state is PointState.CANCELLED and word == PRUNED:
        state = PointState.PRUNED
    error = run.record.error
    return PointResult(
        number=int(number),
        values={name: run.params[name] for name in space if name in run.params},
        state=state,
        run_id=run.id,
        seconds=run.record.seconds,
        metrics=run.metrics,
        why=f"{error.name}: {error.value}" if error else "",
    )


def completed(result: PointResult, run: RecordedRun) -> PointResult:
    """Put what a point's run recorded to what came of it."""
    why = result.why
    if result.state is PointState.PRUNED:
        why = f"stopped early: {run.observations.get(PRUNED)}"
    return replace(result, metrics=run.metrics, seconds=run.record.seconds, why=why)


def earlier_points(
    sweeps: Iterable[RecordedRun], digest: str
) -> dict[str, PointResult]:
    """Return the finished points of earlier sweeps of the same code, by their values.

    Parameters
    ----------
    sweeps : iterable of RecordedRun
        The latest first.
    digest : str
        See `SweepPlan.digest`.
    """
    found: dict[str, PointResult] = {}
    for run in sweeps:
        told = run.observations.get(OBSERVATION)
        if not isinstance(told, dict) or told.get("digest") != digest:
            continue
        sweep = sweep_of(run)
        for item in sweep.points if sweep else ():
            if item.state is PointState.FINISHED:
                found.setdefault(values_key(item.values), item)
    return found


def seed_of(earlier: Iterable[RecordedRun], wanted: tuple[Any, ...]) -> int | None:
    """Return the seed of the latest sweep that drew as is wanted now.

    Parameters
    ----------
    wanted : tuple
        The plan's digest, ``random`` or ``search``, and the space.
    """
    for run in earlier:
        told: Any = run.observations.get(OBSERVATION)
        if isinstance(told, dict):
            found = (told.get("digest"), told.get("kind"), told.get("space"))
            if found == wanted and isinstance(told.get("seed"), int):
                return int(told["seed"])
    return None


def _points_told(told: Mapping[str, Any]) -> list[PointResult]:
    try:
        return [PointResult.from_json(item) for item in told.get("points", ())]
    except (KeyError, ValueError, TypeError):
        # Of another version: the runs themselves tell as much.
        return []
