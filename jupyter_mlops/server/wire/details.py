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
    from jupyter_mlops.workspace.rundetails import RunDetails, RunRecipe, RunVerdict


def run_details(found: RunDetails, locate: Locate) -> dict[str, Any]:
    """Say what the run's own view needs."""
    recorded = found.run
    record = recorded.record
    return {
        "run": run(record, locate),
        "parent": None if found.parent is None else run(found.parent, locate),
        "is_archived": recorded.is_archived,
        "traceback": "" if record.error is None else record.error.traceback,
        "summaries": {key: summary(one) for key, one in sorted(record.metrics.items())},
        "stamp": {"line": found.stamp.line, "reasons": list(found.stamp.reasons)},
        "verdict": None if found.verdict is None else verdict(found.verdict),
        "recipe": None if found.recipe is None else recipe(found.recipe),
        "environment": plain(found.environment),
        "git": plain(found.git),
        "models": list(found.models),
        "cells": [cell(one) for one in recorded.cells],
        "artifacts": [artifact(one) for one in recorded.artifacts.values()],
        "files": [file(one, locate) for one in recorded.files],
        "children": [run(child.record, locate) for child in recorded.children],
    }


def summary(found: MetricSummary) -> dict[str, Any]:
    """Say a metric's series in four numbers."""
    return {
        "count": found.count,
        "last": plain(found.last),
        "min": plain(found.min),
        "max": plain(found.max),
    }


def verdict(found: RunVerdict) -> dict[str, Any]:
    """Say what came of doing the run again."""
    return {
        "word": found.word,
        "summary": found.summary,
        "differences": list(found.differences),
        "hints": list(found.hints),
        "traceback": found.traceback,
        "digest": found.digest,
    }


def recipe(found: RunRecipe) -> dict[str, Any]:
    """Say which cells made the run's results, and why each is kept."""
    return {
        "cells": [
            {
                "source": one.source,
                "ran_as": one.ran_as,
                "cell_id": one.cell_id,
                "reasons": list(one.reasons),
            }
            for one in found.cells
        ],
        "warnings": list(found.warnings),
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


def file(found: FileRecord, locate: Locate) -> dict[str, Any]:
    """Say a file that the run read or wrote; `place` is where it is for the server."""
    is_local = "://" not in found.path
    return {
        "path": found.path,
        "place": locate(found.path) if is_local else None,
        "role": found.role,
        "digest": found.digest,
        "size": found.size,
        "version": found.version,
    }
