"""What is run again for a run: its recipe, its notebook, or its script's source."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from jupyter_mlops import errors
from jupyter_mlops.pipeline.recording import ARTIFACT as NOTEBOOK
from jupyter_mlops.records import Status
from jupyter_mlops.tracking.recipes import ARTIFACT as RECIPE
from jupyter_mlops.tracking.scripts import ARTIFACT as SCRIPT

if TYPE_CHECKING:
    from jupyter_mlops.tracking.comparison import RunSide
    from jupyter_mlops.tracking.recorded import RecordedRun

_MASKED = "<masked:"
_INJECTED = "injected-parameters"
_READS_RUNS = re.compile(
    r"\b(?:get_run|load_model|models|runs|promote|push|register_model)\s*\("
    r"|%mlops\b|\bjupyter[ -]mlops\b|\b(?:runs|models):/"
)


class Means(StrEnum):
    """What a run is done again with."""

    RECIPE = "recipe"
    NOTEBOOK = "notebook"
    SCRIPT = "script"


_ARTIFACTS = {Means.RECIPE: RECIPE, Means.NOTEBOOK: NOTEBOOK, Means.SCRIPT: SCRIPT}


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is to be run again.

    Attributes
    ----------
    text : str
        The notebook, or the script's source.
    document : dict
        The notebook, read; empty for a script.
    params : dict
        What the notebook was given.
    """

    means: Means
    text: str
    document: dict[str, Any]
    params: dict[str, Any]

    @property
    def reads_runs(self) -> bool:
        """It may look at the workspace: at other runs, or at registered models."""
        return _READS_RUNS.search(self._code) is not None

    @property
    def masked(self) -> int:
        """How many secrets are masked in it."""
        return self.text.count(_MASKED)

    @property
    def kernel(self) -> str | None:
        """The kernel that it asks for."""
        spec = self.document.get("metadata", {}).get("kernelspec") or {}
        return spec.get("name")

    @property
    def warnings(self) -> list[str]:
        """What may come out otherwise although nothing is missing."""
        told = self.document.get("metadata", {}).get("jupyter_mlops") or {}
        return list(told.get("warnings", ()))

    @property
    def _code(self) -> str:
        if self.means is Means.SCRIPT:
            return self.text
        cells = self.document["cells"]
        sources = [cell["source"] for cell in cells if cell["cell_type"] == "code"]
        return "\n".join("".join(source) for source in sources)


def plan_of(recorded: RunSide) -> Plan:
    """Find what a run is done again with.

    Raises
    ------
    ArtifactNotFoundError
        When it keeps nothing of the kind.
    NotebookError
        When it has not ended by itself.
    """
    means = check_verifiable(recorded.run)
    artifact = recorded.run.artifacts[_ARTIFACTS[means]]
    text = recorded.blobs.get_bytes(artifact.digest).decode("utf-8", "surrogatepass")
    if means is Means.SCRIPT:
        return Plan(means=means, text=text, document={}, params={})
    document = json.loads(text)
    params: dict[str, Any] = {}
    if means is Means.NOTEBOOK:
        params = (document["metadata"].get("papermill") or {}).get("parameters") or {}
        document = _as_written(document)
        text = json.dumps(document)
    return Plan(means=means, text=text, document=document, params=params)


def check_verifiable(run: RecordedRun) -> Means:
    """Make sure that a run can be done again; say with what.

    Raises
    ------
    ArtifactNotFoundError, NotebookError
        As `plan_of`.
    """
    means = next((one for one in Means if _ARTIFACTS[one] in run.artifacts), None)
    if means is None:
        raise errors.ArtifactNotFoundError(_refusal(run), run_id=run.id, name=RECIPE)
    if run.status not in (Status.FINISHED, Status.FAILED):
        raise errors.NotebookError(
            f"Run {run.id} ({run.name}) is {run.status}: there is no whole result to "
            f"compare with. Verify a run that came to its end.",
            run_id=run.id,
            status=str(run.status),
        )
    return means


def _refusal(run: RecordedRun) -> str:
    head = f"Run {run.id} ({run.name}) keeps nothing that it could be done again with"
    if run.record.kind == "script":
        return (
            f"{head}: it is a script whose source is not kept, as when code is typed "
            f"in or piped. Begin the run in a .py file that is run by its name, put "
            f"%%track above the cell, or use 'jupyter mlops run' for a notebook."
        )
    return (
        f"{head}: it is a {run.record.kind}. What can be verified are cells with "
        f"%%track above, notebooks that 'jupyter mlops run' has run, and scripts."
    )


def _as_written(document: dict[str, Any]) -> dict[str, Any]:
    """Take off what running a notebook has added to it."""
    cells = [
        {**cell, "outputs": [], "execution_count": None}
        if cell["cell_type"] == "code"
        else cell
        for cell in document["cells"]
        if _INJECTED not in cell["metadata"].get("tags", ())
    ]
    metadata = {k: v for k, v in document["metadata"].items() if k != "papermill"}
    for cell in cells:
        cell["metadata"] = {
            key: value for key, value in cell["metadata"].items() if key != "papermill"
        }
    return {**document, "cells": cells, "metadata": metadata}
