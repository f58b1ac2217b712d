"""Everything of one run."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from jupyter_mlops.server.wire.plain import moment, plain
from jupyter_mlops.server.wire.runs import error, run

if TYPE_CHECKING:
    from jupyter_mlops.records import (
        ArtifactRecord,
        CellRecord,
        FileRecord,
        MetricSummary,
    )
    from jupyter_mlops.server.wire.runs import Locate
    from jupyter_mlops.tracking.recorded import RecordedRun
    from jupyter_mlops.tracking.stamps import RunStamp


def run_details(found: RecordedRun, stamp: RunStamp, locate: Locate) -> dict[str, Any]:
    """Say what the run's own view needs."""
    return {
        "run": run(found.record, locate),
        "summaries": {
            key: summary(one) for key, one in sorted(found.record.metrics.items())
        },
        "stamp": {"line": stamp.line, "reasons": list(stamp.reasons)},
        "cells": [cell(one) for one in found.cells],
        "artifacts": [artifact(one) for one in found.artifacts.values()],
        "files": [file(one) for one in found.files],
        "children": [run(child.record, locate) for child in found.children],
    }


def summary(found: MetricSummary) -> dict[str, Any]:
    """Say a metric's series in four numbers."""
    return {
        "count": found.count,
        "last": plain(found.last),
        "min": plain(found.min),
        "max": plain(found.max),
    }


def cell(found: CellRecord) -> dict[str, Any]:
    """Say one executed cell; outputs are nbformat's, long ones named by digest."""
    return {
        "position": found.position,
        "source": found.source,
        "status": str(found.status),
        "began": moment(found.began),
        "seconds": None if math.isnan(found.seconds) else found.seconds,
        "cell_id": found.cell_id,
        "execution_count": found.execution_count,
        "outputs": plain(found.outputs),
        "error": error(found.error),
    }


def artifact(found: ArtifactRecord) -> dict[str, Any]:
    """Say what is kept under a name."""
    return {
        "name": found.name,
        "format": found.format,
        "digest": found.digest,
        "size": found.size,
        "is_folder": found.is_folder,
        "meta": plain(found.meta),
    }


def file(found: FileRecord) -> dict[str, Any]:
    """Say a file that the run read or wrote."""
    return {
        "path": found.path,
        "role": found.role,
        "digest": found.digest,
        "size": found.size,
        "version": found.version,
    }
