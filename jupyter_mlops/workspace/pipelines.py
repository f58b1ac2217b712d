"""Pipelines run and looked at: steps as runs, cached under their versions."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import sys
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from jupyter_mlops import errors
from jupyter_mlops.pipeline.graph import closure, ordered
from jupyter_mlops.pipeline.spec.pipeline import FILE_NAME, Pipeline
from jupyter_mlops.pipeline.steps.attempt import Room, nbclient_executor
from jupyter_mlops.pipeline.steps.overrides import overrides_of
from jupyter_mlops.pipeline.steps.plan import Planner
from jupyter_mlops.pipeline.steps.results import State, StepResult
from jupyter_mlops.pipeline.steps.scheduler import Scheduler
from jupyter_mlops.pipeline.versions.filedigests import FileDigests
from jupyter_mlops.pipeline.versions.ledger import Ledger
from jupyter_mlops.pipeline.versions.sources import Sources
from jupyter_mlops.records import Kind, Status
from jupyter_mlops.tracking.objects import ObjectFormats
from jupyter_mlops.tracking.run import Run

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from jupyter_mlops.ids import RunId
    from jupyter_mlops.pipeline.steps.attempt import MakeExecutor
    from jupyter_mlops.pipeline.steps.scheduler import PipelineProgress
    from jupyter_mlops.pipeline.versions.ledger import Entry
    from jupyter_mlops.workspace.workspace import Workspace

FOLDER = "versions"
OBSERVATION = "pipeline"
_RECALLED = 20
"""Recorded runs of a step that are looked through when its ledger is gone."""


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
        force: bool = False,
        jobs: int = 1,
        keep_going: bool = False,
        progress: PipelineProgress | None = None,
        make_executor: MakeExecutor = nbclient_executor,
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
        force : bool
            Run steps also when their versions are known.
        jobs : int
            How many steps at once.
        keep_going : bool
            After a failure, go on with what does not need the failed step.

        Raises
        ------
        PipelineError
            Before anything starts. A failed step raises nothing: see the outcome.
        KeyboardInterrupt
            When interrupted; all runs are ended as cancelled.
        """
        if jobs > 1 and "ipykernel.kernelapp" in sys.modules:
            raise errors.PipelineError(
                "Steps run side by side from the command line, not from a notebook, "
                "whose kernel cannot be forked: 'jupyter mlops run --jobs N', or leave "
                "'jobs' out."
            )
        pipeline, overrides = overrides_of(self.read(source), parameters or {})
        steps = ordered(pipeline) if only is None else closure(pipeline, only)
        planner = self._planner(pipeline, overrides, force=force, only=only)
        if only is not None:
            _check_needs(planner, steps, only)
        with self._alone(pipeline), self._begun(pipeline, overrides) as run:
            workspace = self._workspace
            room = Room(
                planner=planner,
                store=workspace.store,
                formats=lambda: workspace.formats,
                parent=run.id,
                make_executor=make_executor,
            )
            scheduler = Scheduler(
                room=room,
                read_run=workspace.get_run,
                jobs=jobs,
                keep_going=keep_going,
                progress=progress,
            )
            try:
                scheduler.run(steps)
            finally:
                planner.save()
                run.observe(OBSERVATION, _told(scheduler.results))
            status = _status(scheduler.results)
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
        planner = self._planner(pipeline, overrides)
        results: dict[str, StepResult] = {}
        for step in ordered(pipeline):
            results[step.name] = planner.foresee(step, results)
        planner.save()
        return results

    def propose(self, folder: Path) -> tuple[Path, Pipeline]:
        """Write a pipeline's file for the notebooks in a folder.

        Raises
        ------
        PipelineError
            When there is one already, which stays as it is, or no notebook.
        """
        from jupyter_mlops.pipeline.proposal import propose

        file = folder.absolute() / FILE_NAME
        found, text = propose(folder.absolute(), self._recorded)
        try:
            with file.open("x", encoding="utf-8") as opened:
                opened.write(text)
        except FileExistsError:
            raise errors.PipelineError(
                f"There is {file} already; it stays as it is. Move it away first."
            ) from None
        return file, found

    def _recorded(self, notebook: Path) -> tuple[list[str], list[str]]:
        """Return what the last run of a notebook read and wrote, as recorded."""
        from jupyter_mlops.store.index import RunQuery

        workspace = self._workspace
        project = workspace.layout.project
        shown = os.path.relpath(notebook, project)
        names = " , ".join(repr(str(item)) for item in (notebook, shown))
        table = workspace.run_table(RunQuery(filter=f"notebook in ({names})", limit=20))
        read: dict[str, None] = {}
        written: dict[str, None] = {}
        for run_id in table.columns["run_id"]:
            for item in workspace.store.index.files(run_id):
                kept = written if item.role == "written" else read
                if "://" not in item.path:
                    kept[str(project / item.path)] = None
        return list(read), list(written)

    def _recall(self, pipeline: Pipeline, step: str) -> list[Entry]:
        """Return the runs of a step that may stand for another, the latest first."""
        from jupyter_mlops.pipeline.steps.recall import entry_of_run
        from jupyter_mlops.store.index import RunQuery

        words = f"kind = 'step' and status = 'finished' and name = {_quoted(step)}"
        words += f" and experiment = {_quoted(pipeline.name)}"
        query = RunQuery(filter=words, limit=_RECALLED)
        table = self._workspace.run_table(query)
        runs = [self._workspace.get_run(item) for item in table.columns["run_id"]]
        return [entry for run in runs if (entry := entry_of_run(run)) is not None]

    def _planner(
        self,
        pipeline: Pipeline,
        overrides: Mapping[str, Mapping[str, Any]],
        *,
        force: bool = False,
        only: str | None = None,
    ) -> Planner:
        forced: list[str] = []
        if force:
            forced = [only] if only else list(pipeline.by_name)
        folder = self._workspace.layout.folder / FOLDER
        return Planner(
            pipeline=pipeline,
            blobs=self._workspace.store.blobs,
            ledger=Ledger(folder),
            files=FileDigests(folder),
            sources=Sources(folder),
            recall=partial(self._recall, pipeline),
            overrides=overrides,
            forced=forced,
        )

    @contextlib.contextmanager
    def _begun(
        self, pipeline: Pipeline, overrides: Mapping[str, Mapping[str, Any]]
    ) -> Iterator[Run]:
        """Begin the pipeline's run, and end it when all goes wrong."""
        params = {**pipeline.parameters}
        for step, values in overrides.items():
            params |= {f"{step}.{name}": str(value) for name, value in values.items()}
        run = Run.begin(
            self._workspace.store,
            # It keeps no object: the formats of models would be imported for nothing.
            ObjectFormats(),
            name=pipeline.name,
            experiment=pipeline.name,
            kind=Kind.PARENT,
            params=params,
        )
        try:
            yield run
        except KeyboardInterrupt as error:
            run.end(Status.CANCELLED, error=error)
            raise
        except BaseException as error:
            run.end(Status.FAILED, error=error)
            raise

    @contextlib.contextmanager
    def _alone(self, pipeline: Pipeline) -> Iterator[None]:
        """Keep a second run of this pipeline out: both would write the same files."""
        name = hashlib.sha256(
            f"{pipeline.folder}\0{pipeline.name}".encode()
        ).hexdigest()
        folder = self._workspace.layout.folder / FOLDER / "locks"
        folder.mkdir(parents=True, exist_ok=True)
        with _opened(folder / f"{name[:32]}.lock") as fd:
            try:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise errors.PipelineError(
                    f"{pipeline.shown} is being run by another process: it would write "
                    f"the same files. Wait for its end, or interrupt it.",
                ) from None
            yield


def _quoted(text: str) -> str:
    doubled = text.replace("'", "''")
    return f"'{doubled}'"


@contextlib.contextmanager
def _opened(file: Path) -> Iterator[int]:
    fd = os.open(file, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o644)
    try:
        yield fd
    finally:
        os.close(fd)


def _check_needs(planner: Planner, steps: list[Any], only: str) -> None:
    """Make sure that what one step needs is known, before anything starts."""
    results: dict[str, StepResult] = {}
    for step in steps:
        if step.name == only:
            return
        results[step.name] = planner.foresee(step, results)
        found = results[step.name]
        if found.state not in (State.CACHED, State.SKIPPED):
            why = f" ({'; '.join(found.why)})" if found.why else ""
            raise errors.PipelineError(
                f"'{only}' needs '{step.name}', which is not up to date{why}. Run it "
                f"first: leave '--only' out, or name '{step.name}'.",
            )


def _status(results: Mapping[str, StepResult]) -> Status:
    has_failed = any(item.state is State.FAILED for item in results.values())
    return Status.FAILED if has_failed else Status.FINISHED


def _told(results: Mapping[str, StepResult]) -> list[Any]:
    return [
        {
            "step": item.name,
            "state": str(item.state),
            "why": item.why,
            "notes": item.notes,
            "run": item.run_id,
        }
        for item in results.values()
    ]
