"""What stands in the margin of a notebook's cells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlops.server.wire.plain import moment, plain
from jupyter_mlops.tracking.badges import badges_of
from jupyter_mlops.tracking.bests import is_lower_better

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jupyter_mlops.store.index import MarkedCell

    Extremes = Mapping[str, tuple[float, float]]

_METRICS = 6


def mark(
    cell: MarkedCell, extremes: Extremes, lower_is_better: Sequence[str]
) -> dict[str, Any]:
    """Say what is known of a cell's last run.

    Parameters
    ----------
    extremes : mapping
        Least and greatest last value of each metric of the experiment.
    """
    run = cell.run
    return {
        "cell_id": run.cell_id,
        "run_id": run.run_id,
        "name": run.name,
        "status": str(run.status),
        "started": moment(run.started),
        "seconds": run.seconds,
        "source": cell.source,
        "badges": badges_of(run.tags),
        "metrics": [
            {
                "key": key,
                "value": plain(summary.last),
                "best": _best(key, extremes, lower_is_better),
            }
            for key, summary in list(run.metrics.items())[:_METRICS]
        ],
    }


def marks(
    cells: Sequence[MarkedCell],
    extremes: Mapping[str, Extremes],
    lower_is_better: Sequence[str],
) -> dict[str, Any]:
    """Return the marks of a notebook; `extremes` by experiment."""
    return {
        "marks": [
            mark(cell, extremes.get(cell.run.experiment, {}), lower_is_better)
            for cell in cells
        ]
    }


def _best(key: str, extremes: Extremes, lower_is_better: Sequence[str]) -> Any:
    known = extremes.get(key)
    if known is None:
        return None
    return plain(known[0] if is_lower_better(key, lower_is_better) else known[1])
