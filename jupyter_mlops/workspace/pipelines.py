"""Pipelines run and looked at: steps as runs, cached under their versions."""

from __future__ import annotations

import contextlib
import sys
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from jupyter_mlops import errors
from jupyter_mlops.capture.knownsecrets import MASK
from jupyter_mlops.kinds import Kind, Status
from jupyter_mlops.pipeline.graph import closure, ordered
from jupyter_mlops.pipeline.signals import held_back
from jupyter_mlops.pipeline.spec.pipeline import FILE_NAME, Pipeline
from jupyter_mlops.pipeline.steps.attempt import Room
from jupyter_mlops.pipeline.steps.overrides import overrides_of
from jupyter_mlops.pipeline.steps.results import State, StepResult
from jupyter_mlops.pipeline.steps.scheduler import Scheduler
from jupyter_mlops.pipeline.steps.secrets import secret_values
from jupyter_mlops.tracking.objects import ObjectFormats
from jupyter_mlops.tracking.run import Run
from jupyter_mlops.workspace.pipelineresuming import ASKED, asked
from jupyter_mlops.workspace.planning import check_needs, planner_of, versions_folder
from jupyter_mlops.workspace.stepcopies import StepCopying
from jupyter_mlops.workspace.steplocks import alone
from jupyter_mlops.workspace.stepplaces import (
    budget_of,
    executors_of,
    place_maker,
    reached,
)
from jupyter_mlops.workspace.steprecords import (
    planned_steps,
    recorded_files,
    status_of_steps,
    told_steps,
)

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from jupyter_mlops.ids import RunId
    from jupyter_mlops.pipeline.steps.attempt import MakeExecutor
    from jupyter_mlops.pipeline.steps.look import Look
    from jupyter_mlops.pipeline.steps.scheduler import PipelineProgress
    from jupyter_mlops.workspace.workspace import Workspace

OBSERVATION = "pipeline"


@dataclass(frozen=True, kw_only=True)
class PipelineOutcome:
    """How a pipeline's run ended.

    Attributes
    ----------
    steps : dict
        What came of each step, by name, in order.
    """

    run_id: RunId
    name: str
    status: Status
    steps: dict[str, StepResult] = field(default_factory=dict)

    @property
    def failures(self) -> list[StepResult]:
        """The steps that failed."""
        return [item for item in self.steps.values() if item.state is State.FAILED]


class Pipelines:
    """What a workspace does with pipelines: see `Workspace.pipelines`."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    @property
    def folder(self) -> Path:
        """What is derived for versions, and the locks of those that run."""
        return versions_folder(self._workspace)

    def read(self, source: Pipeline | str | os.PathLike[str]) -> Pipeline:
        """Return a pipeline as it is, or read its file."""
        if isinstance(source, Pipeline):
            return source
        from jupyter_mlops.pipeline.spec.reader import read_pipeline

        return read_pipeline(source)

    def run(
        self,
        source: Pipeline | str | os.PathLike[str],
        parameters: Mapping[str, Any] | None = None,
        *,
        only: str | None = None,
        until: str | None = None,
        force: bool = False,
        jobs: int | None = None,
        keep_going: bool = False,
        progress: PipelineProgress | None = None,
        engine: str | None = None,
        on: str | None = None,
        via: str | None = None,
        make_executor: MakeExecutor | None = None,
        copying: StepCopying | None = None,
    ) -> PipelineOutcome:
        """Run a pipeline as a run whose children are its steps.

        Parameters
        ----------
        source : Pipeline or path
            What to run.
        parameters : mapping, optional
            By ``step.name``, or by the name of a pipeline's own parameter.
        only : str, optional
            Run this step alone; what it needs must be known.
        until : str, optional
            Run this step and what it needs, nothing else.
        force : bool
            Run steps also when their versions are known; with `only` or `until` this
            step alone.
        jobs : int
            How many steps at once; without it one, and on a cluster all that can.
        keep_going : bool
            After a failure, go on with what does not need the failed step.
        engine : str, optional
            What runs the cells: ``worker`` or ``nbclient``; without it the setting.
        on : str, optional
            A dask cluster that runs the steps: ``dask://host:port``.
        via : str, optional
            An fsspec URL for their files that all its machines reach; without it the
            setting, and without that they go through its scheduler.
        copying : StepCopying, optional
            Says which runs failed steps go on from.

        Raises
        ------
        PipelineError
            Before anything starts. A failed step raises nothing: see the outcome.
        KeyboardInterrupt
            When interrupted; all runs are ended as cancelled.
        """
        source = self.read(source)
        settings = self._workspace.settings
        budget = budget_of(settings, jobs or (len(source.steps) if on else 1))
        asked_engine, engine = engine, engine or settings.engine
        if make_executor is None:
            make_executor = executors_of(engine, budget)
            copying = copying or StepCopying(self._workspace)
        if force and copying is not None:
            # It may be gone on with, but goes on with none.
            copying = StepCopying(self._workspace)
        if budget.jobs > 1 and not on and "ipykernel.kernelapp" in sys.modules:
            raise errors.PipelineError(
                "Steps run side by side from the command line, not from a notebook, "
                "whose kernel cannot be forked: 'jupyter mlops run --jobs N', or leave "
                "'jobs' out."
            )
        pipeline, overrides = overrides_of(source, parameters or {})
        via = settings.via if via is None else via
        last = only or until
        steps = ordered(pipeline) if last is None else closure(pipeline, last)
        planner = planner_of(
            self._workspace, pipeline, overrides, force=force, only=last
        )
        if only is not None:
            check_needs(planner, steps, only)
        with (
            held_back() as signals,
            reached(on) as cluster,
            alone(self.folder, pipeline),
            self._begun(pipeline, overrides) as run,
        ):
            workspace = self._workspace
            run.record("plan", steps=planned_steps(pipeline, steps))
            again: dict[str, Any] = {"only": only, "until": until, "jobs": jobs}
            again |= {"keep_going": keep_going, "engine": asked_engine, "on": on}
            told = asked(self._workspace, pipeline, parameters, overrides, **again)
            run.observe(ASKED, told)
            room = Room(
                planner=planner,
                store=workspace.store,
                formats=lambda: workspace.formats,
                parent=run.id,
                make_executor=make_executor,
                lower_is_better=workspace.settings.lower_is_better,
                make_copies=None if on else copying,
            )
            scheduler = Scheduler(
                room=room,
                read_run=workspace.get_run,
                budget=budget,
                signals=signals,
                keep_going=keep_going,
                progress=progress,
                cluster=(
                    place_maker(cluster, room, via, engine, workspace.get_run)
                    if cluster
                    else None
                ),
                slots=cluster.slots if cluster and not jobs else 0,
            )
            try:
                scheduler.run(steps)
            finally:
                planner.save()
                run.observe(OBSERVATION, told_steps(scheduler.results))
            status = status_of_steps(scheduler.results)
            states = {item.state for item in scheduler.results.values()}
            run.end(status, wait=states != {State.CACHED})
        return PipelineOutcome(
            run_id=run.id, name=pipeline.name, status=status, steps=scheduler.results
        )

    def status(
        self,
        source: Pipeline | str | os.PathLike[str],
        parameters: Mapping[str, Any] | None = None,
    ) -> dict[str, StepResult]:
        """Say what would run and why; nothing runs, nothing is brought back."""
        pipeline, overrides = overrides_of(self.read(source), parameters or {})
        planner = planner_of(self._workspace, pipeline, overrides)
        results: dict[str, StepResult] = {}
        for step in ordered(pipeline):
            results[step.name] = planner.foresee(step, results)
        planner.save()
        return results

    def look(self, source: Pipeline | str | os.PathLike[str], step: str) -> Look:
        """Look at one step: what its notebook would be given; what it needs is known.

        Raises
        ------
        PipelineError
            When there is no such step, or what it needs is not up to date.
        """
        pipeline = self.read(source)
        steps = closure(pipeline, step)
        planner = planner_of(self._workspace, pipeline, {})
        check_needs(planner, steps, step)
        results: dict[str, StepResult] = {}
        for item in steps:
            if item.name != step:
                results[item.name] = planner.foresee(item, results)
        return planner.facts(pipeline.by_name[step], results)

    def propose(self, folder: Path) -> tuple[Path, Pipeline]:
        """Write a pipeline's file for the notebooks in a folder.

        Raises
        ------
        PipelineError
            When there is one already, which stays as it is, or no notebook.
        """
        from jupyter_mlops.pipeline.proposal import propose

        file = folder.absolute() / FILE_NAME
        recorded = partial(recorded_files, self._workspace)
        found, text = propose(folder.absolute(), recorded)
        try:
            with file.open("x", encoding="utf-8") as opened:
                opened.write(text)
        except FileExistsError:
            raise errors.PipelineError(
                f"There is {file} already; it stays as it is. Move it away first."
            ) from None
        return file, found

    @contextlib.contextmanager
    def _begun(
        self, pipeline: Pipeline, overrides: Mapping[str, Mapping[str, Any]]
    ) -> Iterator[Run]:
        """Begin the pipeline's run, and end it when all goes wrong."""
        params = {**pipeline.parameters}
        for step, values in overrides.items():
            params |= {f"{step}.{name}": str(value) for name, value in values.items()}
        secrets = secret_values(pipeline, overrides)
        params |= dict.fromkeys(secrets, MASK)
        run = Run.begin(
            self._workspace.store,
            # It keeps no object: the formats of models would be imported for nothing.
            ObjectFormats(),
            name=pipeline.name,
            experiment=pipeline.name,
            kind=Kind.PARENT,
            params=params,
        )
        run.masker.know(secrets)
        try:
            yield run
        except KeyboardInterrupt as error:
            run.end(Status.CANCELLED, error=error)
            raise
        except BaseException as error:
            run.end(Status.FAILED, error=error)
            raise
