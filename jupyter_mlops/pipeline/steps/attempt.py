"""One attempt at a step: its notebook runs, and what it left is kept."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from jupyter_mlops import errors
from jupyter_mlops.kinds import Kind
from jupyter_mlops.pipeline.steps.made import Made
from jupyter_mlops.pipeline.steps.outputs import Aside, keep_outputs
from jupyter_mlops.pipeline.steps.seen import Seen, places_of, trace_of
from jupyter_mlops.pipeline.versions.reasons import joined, reasons
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
    from jupyter_mlops.pipeline.steps.copies import StepCopies
    from jupyter_mlops.pipeline.steps.look import Look
    from jupyter_mlops.pipeline.steps.plan import Planner
    from jupyter_mlops.pipeline.steps.results import StepResult
    from jupyter_mlops.pipeline.steps.watching import Watched
    from jupyter_mlops.pipeline.versions.ledger import KeptOutput
    from jupyter_mlops.pipeline.versions.trace import Trace
    from jupyter_mlops.store.store import Store
    from jupyter_mlops.tracking.objects import ObjectFormats

ATTEMPT_TAG = "mlops.attempt"
OBSERVATION = "version"


class MakeExecutor(Protocol):
    """Makes what runs a step's cells, once its run is known."""

    def __call__(self, run: Run, look: Look) -> NotebookExecutor:
        """Make an executor for one notebook."""


class MakeCopies(Protocol):
    """Makes what an attempt does about copies of its process."""

    def __call__(self, look: Look, planner: Planner, *, is_first: bool) -> StepCopies:
        """Make it; only a first attempt goes on from a copy."""

    def forget(self, run: RunId) -> None:
        """Let go of the copies of an attempt that another one follows."""


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
    make_copies : MakeCopies, optional
        Without it, none are made of steps' processes.
    """

    planner: Planner
    store: Store
    formats: Callable[[], ObjectFormats]
    parent: RunId
    make_executor: MakeExecutor
    lower_is_better: Sequence[str] = ()
    make_copies: MakeCopies | None = None


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
    _copies: StepCopies | None = None

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
            said=self._copies.notes() if self._copies else [],
            seconds=round(time.perf_counter() - clock, 3),
        )

    def execute(self, notebook: NotebookNode, watcher: CellWatcher) -> None:
        """Run the cells, and keep what they leave; a `NotebookExecutor`."""
        from jupyter_mlops.pipeline.steps.watching import Watched

        assert self.run is not None, "the runner begins the run first"
        step, folder = self.look.step, self.room.planner.pipeline.folder
        seen = Seen.file_for(self.run.id, self.room.store.layout.folder)
        outputs = places_of(self.look.outputs.values(), folder)
        watched = Watched(
            self._executor(notebook, watcher),
            project=str(self.run.project),
            target=str(seen),
            modules=list(self.look.local.outside),
            local=list(self.look.local.digests),
            outputs=outputs,
            written=sorted(self.room.planner.written),
        )
        aside = Aside.put([Path(path) for path in outputs])
        is_good = False
        try:
            self._began = Seen.begin(seen)
            if self._copies is not None:
                self._copies.begin(self._began)
            self._execute_within(step, watched, notebook, watcher)
            if not watched.has_failed:
                self._keep(watched, Seen.read(seen, folder))
                is_good = True
        finally:
            seen.unlink(missing_ok=True)
            self._end(aside, is_good=is_good)

    def _executor(
        self, notebook: NotebookNode, watcher: CellWatcher
    ) -> NotebookExecutor:
        assert self.run is not None
        from jupyter_mlops.pipeline.recording import NotebookRecording

        found = self.room.make_executor(self.run, self.look)
        if self.room.make_copies is None or not isinstance(watcher, NotebookRecording):
            return found
        self._copies = self.room.make_copies(
            self.look, self.room.planner, is_first=self.number == 1
        )
        return self._copies.prepare(found, notebook, watcher)

    def _end(self, aside: Aside, *, is_good: bool) -> None:
        """See to the outputs' places and to copies, however it went."""
        if self._copies is not None:
            from jupyter_mlops.pipeline.steps.copies import PARTIAL

            if not is_good and (partial := self._copies.keep_partial()):
                assert self.run is not None
                self.run.observe(PARTIAL, partial)
            self._copies.checkpointing.finish(has_failed=not is_good)
        if is_good:
            aside.drop()
        else:
            aside.put_back()

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
            earlier = self._copies.earlier if self._copies else None
            self.trace, said = trace_of(seen, look, planner, self._began, earlier)
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
