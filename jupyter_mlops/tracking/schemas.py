"""Columns and rows of the files that a run used, kept beside their digests."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from jupyter_mlops.capture.schemas import file_schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from jupyter_mlops.tracking.recorded import RecordedRun
    from jupyter_mlops.tracking.run import Run

SCHEMAS = "schemas"
"""The observation that holds them, by the file's path in its record."""
_FILES = 50
_SECONDS = 0.03
"""After this long no further file is looked into: the user waits."""


def record_schemas(
    run: Run, project: Path, entries: Iterable[Mapping[str, Any]]
) -> None:
    """Look into the files of a run's ``file`` events, as far as that is cheap."""
    found: dict[str, Any] = {}
    until = time.perf_counter() + _SECONDS
    for entry in entries:
        if len(found) >= _FILES or time.perf_counter() > until:
            break
        path = str(entry["path"])
        schema = None if "://" in path else file_schema(project / path)
        if schema is not None:
            found[path] = schema
    if found:
        run.observe(SCHEMAS, found)


def recorded_schema(run: RecordedRun, path: str) -> dict[str, Any] | None:
    """Return ``rows``, ``width`` and ``columns``, types by name; None if not known."""
    listed = run.observations.get(SCHEMAS)
    found = listed.get(path) if isinstance(listed, dict) else None
    if not isinstance(found, dict):
        return None
    try:
        columns = {str(name): str(kind) for name, kind in found["columns"]}
        return {
            "rows": found.get("rows"),
            "width": found["width"],
            "columns": columns,
        }
    except (KeyError, TypeError, ValueError):
        return None
