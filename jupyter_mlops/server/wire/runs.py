"""Runs as rows, and what narrows them down."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlops.server.wire.plain import moment, plain
from jupyter_mlops.tracking.badges import badges_of, own_tags

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from jupyter_mlops.ids import RunId
    from jupyter_mlops.records import ErrorRecord, RunRecord
    from jupyter_mlops.store.index.answers import (
        ExperimentRecord,
        KnownNames,
        RunGroup,
        RunPage,
        SearchHit,
    )

    Locate = Callable[[str], str | None]


def run(record: RunRecord, locate: Locate) -> dict[str, Any]:
    """Say what one row of the table needs; metrics are last values.

    Parameters
    ----------
    locate : callable
        Says where a recorded file is from the server's root; None when outside.
    """
    return {
        "run_id": record.run_id,
        "name": record.name,
        "experiment": record.experiment,
        "kind": str(record.kind),
        "status": str(record.status),
        "started": moment(record.started),
        "seconds": record.seconds,
        "parent_id": record.parent_id,
        "notebook": None if record.notebook is None else locate(record.notebook),
        "cell_id": record.cell_id,
        "note": record.note,
        "error": error(record.error),
        "params": plain(record.params),
        "metrics": {key: plain(one.last) for key, one in record.metrics.items()},
        "tags": own_tags(record.tags),
        "badges": badges_of(record.tags),
    }


def error(found: ErrorRecord | None) -> dict[str, str] | None:
    """Say what ended a run, without the traceback."""
    return None if found is None else {"name": found.name, "value": found.value}


def run_page(
    page: RunPage,
    locate: Locate,
    found: Mapping[RunId, SearchHit] | None = None,
    *,
    is_capped: bool,
    is_lower_better: bool = False,
) -> dict[str, Any]:
    """Return some rows and how many there are in all.

    Parameters
    ----------
    found : mapping of RunId to SearchHit, optional
        By run id, where words were searched for: each row then tells where they are.
    is_capped : bool
        The search found more than it returned, so `total` is only so many.
    is_lower_better : bool
        Of the metric whose best is told of each group.
    """
    return {
        "total": page.total,
        "offset": page.offset,
        "is_capped": is_capped,
        "runs": [run(record, locate) for record in page.runs],
        "hits": {
            record.run_id: hit(found[record.run_id])
            for record in page.runs
            if found and record.run_id in found
        },
        "groups": [group(one, is_lower_better=is_lower_better) for one in page.groups],
    }


def group(found: RunGroup, *, is_lower_better: bool) -> dict[str, Any]:
    """Say how many runs share an experiment or a parent, and the best of them."""
    extremes = found.extremes
    best = None if extremes is None else extremes[0 if is_lower_better else 1]
    return {
        "key": found.key,
        "label": found.label,
        "count": found.count,
        "best": plain(best),
    }


def values(field: str, found: Sequence[str]) -> dict[str, Any]:
    """Return texts that a field has."""
    return {"field": field, "values": list(found)}


def hit(found: SearchHit) -> dict[str, Any]:
    """Say where in a run the words are: a line, and from where to where in it."""
    return {
        "field": found.field,
        "snippet": found.snippet,
        "marks": [list(mark) for mark in found.marks],
    }


def hits(found: Sequence[SearchHit], *, is_capped: bool) -> dict[str, Any]:
    """Return what a search found, latest first."""
    return {
        "is_capped": is_capped,
        "hits": [
            {
                "run_id": one.run_id,
                "name": one.name,
                "experiment": one.experiment,
                "kind": str(one.kind),
                "status": str(one.status),
                "started": moment(one.started),
                **hit(one),
            }
            for one in found
        ],
    }


def names(known: KnownNames, experiments: Sequence[ExperimentRecord]) -> dict[str, Any]:
    """Return what filters, orders and columns may name."""
    return {
        "params": list(known.params),
        "metrics": list(known.metrics),
        "tags": list(known.tags),
        "experiments": [
            {
                "name": one.name,
                "run_count": one.run_count,
                "last_started": moment(one.last_started),
            }
            for one in experiments
        ],
    }
