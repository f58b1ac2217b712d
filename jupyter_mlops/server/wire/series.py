"""Metrics as series of points."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlops.server.wire.plain import plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jupyter_mlops.store.index import MetricCurve

_SECOND = 1e6


def series(found: MetricCurve) -> dict[str, Any]:
    """Return one metric by step; `times` are seconds since 1970."""
    points = found.series
    return {
        "key": found.key,
        "total": found.total,
        "steps": points.steps,
        "values": plain(points.values),
        "times": [time / _SECOND for time in points.times],
    }


def curves(found: Iterable[MetricCurve], axis: str) -> dict[str, Any]:
    """Return metrics to draw, by what lies across."""
    return {"axis": axis, "curves": [curve(one, axis) for one in found]}


def curve(found: MetricCurve, axis: str) -> dict[str, Any]:
    """Return one metric of one run; `means.at` are steps, or seconds since 1970."""
    means = None
    if found.means is not None:
        unit = 1.0 if axis == "step" else _SECOND
        means = {
            "at": [at / unit for at, _ in found.means],
            "values": plain([value for _, value in found.means]),
        }
    return series(found) | {
        "run_id": found.run_id,
        "status": str(found.status),
        "began": found.began / _SECOND,
        "means": means,
    }
