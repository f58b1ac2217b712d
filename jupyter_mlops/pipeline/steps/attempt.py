"""One attempt at a step: its notebook runs, and what it left is kept."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from jupyter_mlops import errors
from jupyter_mlops.pipeline.steps.outputs import Aside, keep_outputs
from jupyter_mlops.pipeline.steps.seen import Seen, trace_of
from jupyter_mlops.pipeline.versions.ledger import Entry, KeptOutput
from jupyter_mlops.pipeline.versions.reasons import joined, reasons
from jupyter_mlops.pipeline.versions.trace import Trace
from jupyter_mlops.records import Kind
from jupyter_mlops.tracking.run import Run

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from nbformat import NotebookNode

    from jupyter_mlops.ids import RunId
    from jupyter_mlops.pipeline.execution import (
        CellWatcher,
        NotebookExecutor,
        Progress,
    )
    from jupyter_mlops.pipeline.spec.pipeline import Step
    from jupyter_mlops.pipeline.steps.look import Look
    from jupyter_mlops.pipeline.steps.plan import Planner
    from jupyter_mlops.pipeline.steps.results import StepResult
    from jupyter_mlops.pipeline.steps.watching import Watched
    from jupyter_mlops.store.store import Store
    from jupyter_mlops.tracking.objects import ObjectFormats

ATTEMPT_TAG = "mlops.attempt"
OBSERVATION = "version"


class MakeExecutor(Protocol):
    """Makes what runs a step's cells, once its run is known."""

    def __call__(self, run: Run, look: Look) -> NotebookExecutor:
        """Make an executor for one notebook."""


@dataclass(frozen=True, kw_only=True)
class Room:
    """What all steps of one pipeline run share.

    Attributes
    ----------
    formats : callable
        Gives the formats of objects, which take their time to be imported.
    parent : RunId
        The pipeline's run.
    lower_is_better : sequence of str
        Words in the names of metrics of which less is better.
    """

    planner: Planner
    store: Store
    formats: Callable[[], ObjectFormats]
    parent: RunId
    make_executor: MakeExecutor
    lower_is_better: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Made:
    """What an attempt that went well left.

    Attributes
    ----------
    trace : Trace or None
        None when the run cannot stand for a later one; `notes` say why.
    """

    run_id: RunId
    trace: Trace | None
    outputs: dict[str, KeptOutput]
    notes: list[str]
    seconds: float


@dataclass
class Attempt:
    """One attempt; `number` counts from 1."""

    room: Room
    look: Look
    results: Mapping[str, StepResult]
    number: int = 1
    notes: list[str] = field(default_factory=list)
    outputs: dict[str, KeptOutput] = field(default_factory=dict)
    trace: Trace | None = None
    run: Run | None = None
    _began: int = 0

    def execute_step(self, progress: Progress | None = None) -> Made:
        """Run the step's notebook as a run of kind ``step``.

        Raises
        ------
        NotebookFailedError, StepFailedError, OutputMissingError
            When it failed; its run is recorded, and outputs are as they were.
        KeyboardInterrupt
            When interrupted; likewise.
        """
        from jupyter_mlops.pipeline.runner import run_notebook

        # With the defaults of what it sweeps over it would be another step.
        assert self.look.space is None, "a sweep runs through steps.swept"
        step, pipeline = self.look.step, self.room.planner.pipeline
        clock = time.perf_counter()
        run_id = run_notebook(
            self.look.notebook.path,
            self.look.given,
            begin_run=self._begin,
            blobs=self.room.store.blobs,
            name=step.name,
            experiment=pipeline.name,
            kernel=step.kernel,
            progress=progress,
            executor=self,
        )
        return Made(
            run_id=run_id,
            trace=self.trace,
            outputs=self.outputs,
            notes=self.notes,
            seconds=round(time.perf_counter() - clock, 3),
        )

    def execute(self, notebook: NotebookNode, watcher: CellWatcher) -> None:
        """Run the cells, and keep what they leave; a `NotebookExecutor`."""
        from jupyter_mlops.pipeline.steps.watching import Watched

        assert self.run is not None, "the runner begins the run first"
        step, folder = self.look.step, self.room.planner.pipeline.folder
        seen = Seen.file_for(self.run.id, self.room.store.layout.folder)
        watched = Watched(
            self.room.make_executor(self.run, self.look),
            project=str(self.run.project),
            target=str(seen),
            modules=list(self.look.local.outside),
        )
        aside = Aside.put([folder / path for path in self.look.outputs.values()])
        try:
            self._began = Seen.begin(seen)
            self._execute_within(step, watched, notebook, watcher)
            if not watched.has_failed:
                self._keep(watched, Seen.read(seen, folder))
        except BaseException:
            aside.put_back()
            raise
        finally:
            seen.unlink(missing_ok=True)
        if watched.has_failed:
            aside.put_back()
        else:
            aside.drop()

    def _execute_within(
        self,
        step: Step,
        watched: Watched,
        notebook: NotebookNode,
        watcher: CellWatcher,
    ) -> None:
        from jupyter_mlops.pipeline.steps.timer import StepTimer, TimeIsUp

        runs = watched if self.look.notebook.is_python else watched.inner
        try:
            StepTimer(step.timeout).run(lambda: runs.execute(notebook, watcher))
        except TimeIsUp:
            raise errors.StepFailedError(
                f"The step '{step.name}' was stopped: it took longer than the "
                f"{step.timeout:g} s that 'timeout' gives it.",
                step=step.name,
                timeout=step.timeout,
            ) from None

    def _begin(
        self, *, name: str, experiment: str, params: dict[str, Any], notebook: str
    ) -> Run:
        tags = {ATTEMPT_TAG: str(self.number)} if self.number > 1 else {}
        self.run = Run.begin(
            self.room.store,
            self.room.formats(),
            name=name,
            experiment=experiment,
            kind=Kind.STEP,
            parent=self.room.parent,
            notebook=notebook,
            params=params,
            tags=tags,
        )
        return self.run

    # --- what it left ----------------------------------------------------------------

    def _keep(self, watched: Watched, seen: Seen | None) -> None:
        assert self.run is not None
        planner, look = self.room.planner, self.look
        folder = planner.pipeline.folder
        written = seen.written(look, folder) if seen else []
        self.outputs = keep_outputs(
            look.outputs, folder, self.room.store.blobs, look.step.name, written
        )
        self._record_files(seen)
        if seen is None or not watched.is_whole:
            self.notes.append(
                "what it read is not known, so it runs again next time: its kernel "
                "has no jupyter_mlops, ended early, or is not Python's"
            )
        else:
            self.trace, said = trace_of(seen, look, planner, self._began)
            self.notes += said
        self._compare_with_now()
        self._compare_with_earlier()
        told = {
            "key": look.facts.key,
            "facts": look.facts.to_json(),
            "trace": self.trace.to_json() if self.trace else None,
            "notes": self.notes,
        }
        self.run.observe(OBSERVATION, told)

    def _compare_with_now(self) -> None:
        """Refuse to stand for what was changed while the step ran."""
        try:
            now = self.room.planner.facts(self.look.step, self.results)
            changed = reasons(self.look.facts, now.facts)
        except errors.MlopsError as error:
            changed = [str(error)]
        if changed:
            self.trace = None
            self.notes.append(
                f"changed while it ran, so it runs again next time: {joined(changed)}"
            )

    def _compare_with_earlier(self) -> None:
        """Say when the same version has made something else before."""
        if self.trace is None:
            return
        present = self.room.planner.present(self.look.executable)
        for entry in self.room.planner.ledger.entries(self.look.facts.key):
            others = [
                name
                for name, kept in entry.outputs.items()
                if self.outputs[name].digest != kept.digest
            ]
            if others and not any(present.differences(entry.trace)):
                self.notes.append(
                    f"not deterministic: {' and '.join(others)} came out otherwise "
                    f"than in run {entry.run_id}, of the same version"
                )
                return

    def _record_files(self, seen: Seen | None) -> None:
        assert self.run is not None
        run = self.run
        for name, kept in self.outputs.items():
            run.record("artifact", **kept.artifact_fields(name))
        for entry in run.masker.paths(seen.entries(run.project) if seen else []):
            run.record("file", **entry)


def told_of(made: Made) -> dict[str, Any]:
    """Return what an attempt left as plain values."""
    return {**asdict(made), "trace": made.trace.to_json() if made.trace else None}


def made_of(told: dict[str, Any]) -> Made:
    """Make it again of what `told_of` returned."""
    trace = told["trace"]
    outputs = {name: KeptOutput(**kept) for name, kept in told["outputs"].items()}
    found = {
        **told,
        "trace": Trace.from_json(trace) if trace is not None else None,
        "outputs": outputs,
    }
    return Made(**found)


def entry_of(made: Made, look: Look, recorded: Any) -> Entry | None:
    """Make the ledger's entry of a run that went well, None when it must not have one.

    Parameters
    ----------
    recorded : RecordedRun
        The run, for its metrics and values.
    """
    if made.trace is None:
        return None
    return Entry(
        key=look.facts.key,
        run_id=made.run_id,
        facts=look.facts,
        trace=made.trace,
        outputs=made.outputs,
        metrics=dict(recorded.metrics),
        values=values_of(recorded),
        notes=made.notes,
        seconds=made.seconds,
    )


def values_of(recorded: Any) -> dict[str, Any]:
    """Return what a run handed on by `set_output`, objects with their digests."""
    from jupyter_mlops.tracking.handing import FOLDER, PREFIX

    found = {}
    for name, told in recorded.observations.items():
        if name.startswith(PREFIX) and isinstance(told, dict):
            value = dict(told)
            artifact = recorded.artifacts.get(f"{FOLDER}/{name.removeprefix(PREFIX)}")
            if "uri" in value and artifact is not None:
                value["digest"] = artifact.digest
            found[name.removeprefix(PREFIX)] = value
    return found
