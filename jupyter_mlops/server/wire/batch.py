"""What runs in batch: jobs, pipelines in a list, what notebooks take."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from jupyter_mlops.server.wire.plain import moment, plain
from jupyter_mlops.server.wire.runs import run

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from jupyter_mlops.pipeline.checkpoints.attach import AttachedKernel
    from jupyter_mlops.pipeline.parameters import Parameter
    from jupyter_mlops.records import RunRecord
    from jupyter_mlops.server.wire.runs import Locate
    from jupyter_mlops.workspace.jobs import Job
    from jupyter_mlops.workspace.pipelinestates import FoundPipeline


def batch(
    pipelines: Sequence[FoundPipeline],
    jobs: Sequence[Job],
    runs: Sequence[RunRecord],
    locate: Locate,
    held: Sequence[str] = (),
) -> dict[str, Any]:
    """Say what the panel's section of batch work shows.

    Parameters
    ----------
    held : sequence of str
        Runs of which the state that they failed in can be attached to.
    """
    return {
        "pipelines": [
            told for one in pipelines if (told := pipeline_line(one, locate))
        ],
        "jobs": [job(one, locate) for one in jobs],
        "runs": [run(one, locate) for one in runs],
        "attachable": list(held),
    }


def pipeline_line(found: FoundPipeline, locate: Locate) -> dict[str, Any] | None:
    """Say a pipeline in a line; None of one that the server does not show."""
    path = locate(str(found.file))
    if path is None:
        return None
    pipeline = found.pipeline
    return {
        "path": path,
        "name": found.file.parent.name if pipeline is None else pipeline.name,
        "description": "" if pipeline is None else pipeline.description,
        "steps": 0 if pipeline is None else len(pipeline.steps),
        "problem": found.problem,
        "last": None if found.last is None else run(found.last, locate),
    }


def job(found: Job, locate: Locate) -> dict[str, Any]:
    """Say what was started in the background."""
    is_run = found.kind in ("resume", "rerun", "verify")
    return {
        "job_id": found.id,
        "kind": found.kind,
        "path": None if is_run else locate(found.target),
        "state": found.state,
        "by": found.by,
        "began": moment(datetime.fromtimestamp(found.began, UTC)),
        "run_id": found.run or None,
        "parameters": plain(found.parameters),
        "options": plain(found.options),
        "said": found.said,
    }


def parameters(notebook: str, found: Iterable[Parameter]) -> dict[str, Any]:
    """Say what a notebook takes."""
    return {"path": notebook, "parameters": [parameter(one) for one in found]}


def parameter(found: Parameter) -> dict[str, Any]:
    """Say one of the parameters; the default of a secret one stays hidden."""
    is_told = found.has_default and not found.is_secret
    return {
        "name": found.name,
        "kind": found.kind,
        "default": plain(found.default) if is_told else None,
        "default_source": found.shown_default,
        "is_required": found.is_required,
        "is_optional": found.is_optional,
        "choices": plain(found.choices),
        "is_secret": found.is_secret,
        "help": found.help,
    }


def attached(
    found: AttachedKernel, *, kernel_id: str | None, notebook: str | None
) -> dict[str, Any]:
    """Say how to reach a kernel that holds the state of a run.

    Parameters
    ----------
    kernel_id : str or None
        Where this server serves it.
    notebook : str or None
        Where the run's notebook was saved to go on in, from the server's root.
    """
    file = found.file
    return {
        "run_id": found.run,
        "connection_file": str(file),
        "is_after": found.after,
        "cells": found.cells,
        "kernel_id": kernel_id,
        "notebook": notebook,
        "console": f"jupyter console --existing {file}",
        "lab": (
            "jupyter lab --ServerApp.allow_external_kernels=True "
            f"--ServerApp.external_connection_dir={file.parent}"
        ),
    }
