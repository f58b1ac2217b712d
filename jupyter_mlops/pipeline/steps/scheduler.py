"""All steps of a pipeline in turn, or side by side: cached, run, skipped or failed."""

from __future__ import annotations

import os
import time
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol

from jupyter_mlops import errors
from jupyter_mlops.pipeline.graph import needs
from jupyter_mlops.pipeline.steps.attempt import Attempt, Made, entry_of, values_of
from jupyter_mlops.pipeline.steps.cached import record_cached
from jupyter_mlops.pipeline.steps.children import Children
from jupyter_mlops.pipeline.steps.outputs import Aside, bring_back
from jupyter_mlops.pipeline.steps.results import State, StepResult
from jupyter_mlops.pipeline.versions.ledger import KeptOutput
from jupyter_mlops.pipeline.versions.trace import Trace

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jupyter_mlops.pipeline.execution import Progress
    from jupyter_mlops.pipeline.spec.pipeline import Step
    from jupyter_mlops.pipeline.steps.attempt import Room
    from jupyter_mlops.pipeline.steps.look import Look
    from jupyter_mlops.tracking.recorded import RecordedRun

_THREADS = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
)


class PipelineProgress(Protocol):
    """Whoever shows how far a pipeline is."""

    def step_began(self, name: str, why: Sequence[str]) -> Progress | None:
        """Show that a step runs; return who shows its cells."""

    def step_ended(self, result: StepResult) -> None:
        """Show how it ended, or that it need not run."""


@dataclass
class Scheduler:
    """Runs steps.

    Parameters
    ----------
    jobs : int
        How many at once; with 1 each runs in this very process.
    keep_going : bool
        After a failure, go on with what does not need the failed step.
    read_run : callable
        Reads a run that has ended.
    """

    room: Room
    read_run: Callable[[str], RecordedRun]
    jobs: int = 1
    keep_going: bool = False
    progress: PipelineProgress | None = None
    results: dict[str, StepResult] = field(default_factory=dict)
    _running: dict[str, tuple[Look, float]] = field(default_factory=dict)
    _interrupts: int = 0

    def run(self, steps: Sequence[Step]) -> dict[str, StepResult]:
        """Run steps, given in an order in which each comes after what it needs.

        Raises
        ------
        KeyboardInterrupt
            When interrupted, after all that ran has written its end.
        """
        pending = list(steps)
        children = Children() if self.jobs > 1 else None
        try:
            while pending or self._running:
                try:
                    self._start_what_can(pending, children)
                    if children is not None and self._running:
                        self._wait(children)
                except KeyboardInterrupt:
                    self._interrupts += 1
                    if children is not None:
                        children.interrupt(self._interrupts)
        finally:
            if children is not None:
                children.close()
        if self._interrupts:
            raise KeyboardInterrupt
        return self.results

    def _start_what_can(self, pending: list[Step], children: Children | None) -> None:
        for step in list(pending):
            if self._must_stop():
                why = ["interrupted" if self._interrupts else "another step failed"]
                pending.remove(step)
                self._end(StepResult(name=step.name, state=State.NOT_RUN, why=why))
            elif self._is_ready(step) and self._has_room(step):
                pending.remove(step)
                self._begin(step, children)

    def _is_ready(self, step: Step) -> bool:
        names = needs(self.room.planner.pipeline, step)
        return all(name in self.results for name in names)

    def _must_stop(self) -> bool:
        has_failed = any(item.state is State.FAILED for item in self.results.values())
        return self._interrupts > 0 or (has_failed and not self.keep_going)

    def _has_room(self, step: Step) -> bool:
        """Tell whether a step fits beside those that run; alone, each does."""
        if not self._running:
            return True
        if len(self._running) >= self.jobs:
            return False
        all_steps = [look.step for look, _ in self._running.values()] + [step]
        cpus = sum(item.resources.cpus for item in all_steps)
        memory = sum(item.resources.memory for item in all_steps)
        return cpus <= cpu_count() and memory <= memory_size()

    def _begin(self, step: Step, children: Children | None) -> None:
        try:
            result, look = self.room.planner.verdict(step, self.results)
            if look is not None and look.entry is not None:
                result, look = self._from_cache(look)
        except errors.MlopsError as error:
            why = [str(error)]
            result = StepResult(
                name=step.name, state=State.FAILED, why=why, error=error
            )
            look = None
        if result is not None:
            self._end(result)
        if look is None:
            return
        shown = self.progress.step_began(step.name, look.why) if self.progress else None
        self._running[step.name] = (look, time.perf_counter())
        if children is None:
            self._finish(step.name, lambda: self._attempts(look, shown))
        else:
            children.start(step.name, lambda: self._in_child(look))

    def _from_cache(self, look: Look) -> tuple[StepResult | None, Look | None]:
        assert look.entry is not None
        room, entry, step = self.room, look.entry, look.step
        planner = room.planner
        try:
            said = bring_back(
                entry.outputs, planner.pipeline.folder, planner.blobs, planner.files
            )
        except (errors.BlobNotFoundError, errors.BlobCorruptError) as error:
            return None, replace(look, entry=None, why=[str(error)])
        record_cached(room, look, entry, said)
        planner.ledger.point(entry, planner.id, step.name)
        notes = [*said, *entry.notes]
        result = StepResult.of_entry(
            step.name,
            entry,
            state=State.CACHED,
            notes=notes,
            parameters=look.parameters,
        )
        return result, None

    def _wait(self, children: Children) -> None:
        for child in children.wait():
            self._finish(child.name, lambda: _made_of(child.answer()))  # noqa: B023 - called at once

    def _finish(self, name: str, made: Callable[[], Made]) -> None:
        """Take what came of a step that ran."""
        look, began = self._running[name]
        try:
            result = self._kept(look, made())
        except KeyboardInterrupt:
            if len(self._running) == 1 and self.jobs == 1:
                self._interrupts += 1
            result = StepResult(name=name, state=State.CANCELLED, why=["interrupted"])
        except errors.MlopsError as error:
            self._put_back(look)
            run_id = getattr(error, "run_id", None) or ""
            result = StepResult(
                name=name,
                state=State.FAILED,
                why=[str(error)],
                error=error,
                run_id=run_id,
            )
        del self._running[name]
        self._end(replace(result, seconds=time.perf_counter() - began))

    def _kept(self, look: Look, made: Made) -> StepResult:
        recorded = self.read_run(made.run_id)
        planner = self.room.planner
        entry = entry_of(made, look, recorded)
        if entry is not None:
            planner.ledger.add(entry, planner.id, look.step.name)
        return StepResult(
            name=look.step.name,
            state=State.FINISHED,
            why=look.why,
            notes=made.notes,
            run_id=made.run_id,
            parameters=look.parameters,
            outputs=made.outputs,
            metrics=recorded.metrics,
            values=values_of(recorded),
        )

    def _put_back(self, look: Look) -> None:
        """Bring outputs back that a killed process has left aside."""
        folder = self.room.planner.pipeline.folder
        Aside.left([folder / path for path in look.outputs.values()]).put_back()

    def _end(self, result: StepResult) -> None:
        self.results[result.name] = result
        if self.progress:
            self.progress.step_ended(result)

    # --- one step --------------------------------------------------------------------

    def _attempts(self, look: Look, progress: Progress | None) -> Made:
        """Try a step as often as it may be."""
        waits = look.step.retry.waits()
        number = 1
        while True:
            attempt = Attempt(self.room, look, self.results, number)
            try:
                return attempt.execute_step(progress)
            except (errors.NotebookFailedError, errors.StepFailedError) as error:
                wait = next(waits, None)
                if wait is None:
                    if attempt.run is not None:
                        error.__dict__.setdefault("run_id", attempt.run.id)
                    raise
            time.sleep(wait)
            number += 1

    def _in_child(self, look: Look) -> dict[str, Any]:
        cpus = look.step.resources.cpus or cpu_count() / self.jobs
        for name in _THREADS:
            # So that steps do not fight for processors.
            os.environ.setdefault(name, str(max(1, int(cpus))))
        return _told(self._attempts(look, None))


def _told(made: Made) -> dict[str, Any]:
    return {**asdict(made), "trace": made.trace.to_json() if made.trace else None}


def _made_of(told: dict[str, Any]) -> Made:
    trace = told["trace"]
    outputs = {name: KeptOutput(**kept) for name, kept in told["outputs"].items()}
    found = {
        **told,
        "trace": Trace.from_json(trace) if trace is not None else None,
        "outputs": outputs,
    }
    return Made(**found)


def cpu_count() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def memory_size() -> int:
    """Return the machine's memory in bytes."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (ValueError, OSError):
        # Not to be known here: then it bounds nothing.
        return 1 << 62
