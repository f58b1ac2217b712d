"""One notebook for a worker of a cluster: what is sent, and what comes back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from jupyter_mlops.pipeline.clusters.parcel import Parcel
from jupyter_mlops.pipeline.limits.budget import Limits

if TYPE_CHECKING:
    from jupyter_mlops.ids import RunId
    from jupyter_mlops.pipeline.spec.pipeline import Pipeline
    from jupyter_mlops.pipeline.steps.results import StepResult
    from jupyter_mlops.pipeline.sweeps.points import Point
    from jupyter_mlops.pipeline.versions.facts import Facts

Curve = list[tuple[int, float]]
"""Points that a metric has got: step and value."""
OBSERVATION = "cluster"
"""Says of a run which worker of which cluster ran it."""


@dataclass(frozen=True, kw_only=True)
class StepWork:
    """A step of a pipeline, to be run as it would be here.

    Attributes
    ----------
    folder : str
        The pipeline's, relative to the project.
    results : dict
        What came of the steps that it needs.
    facts : Facts
        What it should find.
    parent : RunId
        The run within which its own is: the pipeline's, of a point the step's.
    point : Point or None
        The one to run, if the step sweeps.
    """

    pipeline: Pipeline
    step: str
    folder: str
    results: dict[str, StepResult]
    overrides: dict[str, Any]
    number: int
    parent: RunId
    facts: Facts
    point: Point | None = None


@dataclass(frozen=True, kw_only=True)
class NotebookWork:
    """A notebook by itself.

    Attributes
    ----------
    options : dict
        As `pipeline.runner.run_notebook` takes them.
    begins : dict
        Further fields of its run: ``kind``, ``parent``, ``tags``; see `Run.begin`.
    """

    path: str
    given: dict[str, Any]
    options: dict[str, Any]
    begins: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Job:
    """What is sent to a worker.

    Attributes
    ----------
    name : str
        What to call it.
    parcel : Parcel
        The files that it needs.
    home : str
        The project's folder here, for what is recorded.
    cluster : str
        The scheduler's address.
    versions : dict
        What is installed here of what it imports.
    variables : dict
        Environment variables for it.
    folders : tuple of str
        Further ones that are to be there, relative to the project.
    watch : str
        The metric of its run that is told while it runs; empty: none is.
    """

    name: str
    work: StepWork | NotebookWork
    parcel: Parcel
    home: str
    cluster: str
    versions: dict[str, str]
    variables: dict[str, str]
    engine: str = "worker"
    limits: Limits = field(default_factory=Limits)
    folders: tuple[str, ...] = ()
    watch: str = ""


@dataclass(kw_only=True)
class Answer:
    """What comes back.

    Attributes
    ----------
    made : dict or None
        Of a step that went well: see `steps.scheduler`; of a notebook: its ``run_id``.
    error : dict
        Else what it raised: see `steps.children.done`.
    run_id : str
        The job's own run, also when it was interrupted; empty: there is none.
    journals : dict
        By run, then by file: bytes.
    parcel : Parcel
        The blobs of those runs.
    notes : list of str
        What is to be said besides.
    """

    made: dict[str, Any] | None = None
    error: dict[str, Any] = field(default_factory=dict)
    run_id: str = ""
    journals: dict[str, dict[str, bytes]] = field(default_factory=dict)
    parcel: Parcel = field(default_factory=Parcel)
    digests: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
