"""What came of doing something with a run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlops.server.wire.batch import job

if TYPE_CHECKING:
    from jupyter_mlops.records import VersionRecord
    from jupyter_mlops.server.wire.runs import Locate
    from jupyter_mlops.workspace.cancelling import Cancelled
    from jupyter_mlops.workspace.jobs import Job


def saved_notebook(path: str) -> dict[str, Any]:
    """Say where a notebook was written."""
    return {"path": path}


def verification_job(found: Job | None, locate: Locate) -> dict[str, Any]:
    """Say how the last verification stands."""
    return {"job": None if found is None else job(found, locate)}


def pushed(made: VersionRecord) -> dict[str, Any]:
    """Say which version was made."""
    return {"model": made.model, "version": made.version}


def cancelled(found: Cancelled, locate: Locate) -> dict[str, Any]:
    """Say what was asked to end."""
    return {
        "run_id": found.run.id,
        "process": found.process,
        "job": None if found.job is None else job(found.job, locate),
    }
