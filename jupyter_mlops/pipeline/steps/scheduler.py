"""All steps of a pipeline in turn, or side by side: cached, run, skipped or failed."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from jupyter_mlops import errors
from jupyter_mlops.pipeline.graph import needs
from jupyter_mlops.pipeline.signals import HeldSignals, held_back, let_in
from jupyter_mlops.pipeline.steps.cached import record_cached
from jupyter_mlops.pipeline.steps.children import Children
from jupyter_mlops.pipeline.steps.executors import limits_of
from jupyter_mlops.pipeline.steps.made import (
    Made,
    entry_of,
    made_of,
    told_of,
    values_of,
)
from jupyter_mlops.pipeline.steps.outputs import Aside, bring_back
from jupyter_mlops.pipeline.steps.results import State, StepResult

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from jupyter_mlops.pipeline.execution import Progress
    from jupyter_mlops.pipeline.limits.budget import Budget, Limits
    from jupyter_mlops.pipeline.spec.pipeline import Step
    from jupyter_mlops.pipeline.steps.attempt import Room
    from jupyter_mlops.pipeline.steps.look import Look
    from jupyter_mlops.tracking.recorded import RecordedRun


class PipelineProgress(Protocol):
    """Whoever shows how far a pipeline is."""

    def step_began(self, name: str, why: Sequence[str]) -> Progress | None:
        """Show that a step runs; return who shows its cells."""

    def step_ended(self, result: StepResult) -> None:
        """Show how it ended, or that it need not run."""


class Ended(Protocol):
    """A step that has ended elsewhere."""

    name: str

    def answer(self) -> dict[str, Any]:
        """Return what it made, or raise what it raised."""


class Place(Protocol):
    """Where steps run, if not in this very process."""

    def start(self, look: Look, width: int) -> None:
        """Have a step run, with all its attempts, so many points of it at once."""

    def wait(self) -> None:
        """Wait until there may be something new; an interrupt may break in."""

    def ended(self) -> Iterable[Ended]:
        """Give the steps that have ended since."""

    def interrupt(self, times: int) -> None:
        """Interrupt all: once, they finish writing; then at once."""

    def close(self) -> None:
        """Let go of it."""


@dataclass(frozen=True)
class _Started:
    """A step that runs: since when, and how many of its points may do so at once."""

    look: Look
    began: float
    width: int = 1


@dataclass
class Scheduler:
    """Runs steps.

    Parameters
    ----------
    budget : Budget
        What they may take together; with one job each runs in this very process.
    signals : HeldSignals
        Interrupts so far.
    cluster : callable, optional
        Makes the place where steps run, from the results as they grow.
    slots : int
        There, how many jobs run at once, if nothing but that bounds them.
    keep_going : bool
        After a failure, go on with what does not need the failed step.
    read_run : callable
        Reads a run that has ended.
    """

    room: Room
    read_run: Callable[[str], RecordedRun]
    budget: Budget
    signals: HeldSignals = field(default_factory=HeldSignals)
    cluster: Callable[[Mapping[str, StepResult]], Place] | None = None
    slots: int = 0
    keep_going: bool = False
    progress: PipelineProgress | None = None
    results: dict[str, StepResult] = field(default_factory=dict)
    _running: dict[str, _Started] = field(default_factory=dict)

    def run(self, steps: Sequence[Step]) -> dict[str, StepResult]:
        """Run steps, given in an order in which each comes after what it needs.

        Raises
        ------
        KeyboardInterrupt
            When interrupted, after all that ran has written its end.
        """
        pending = list(steps)
        place = self._place()
        try:
            while pending or self._running:
                self._start_what_can(pending, place)
                if place is not None and self._running:
                    self._wait(place)
        finally:
            if place is not None:
                place.close()
        if self.signals.error is not None:
            raise self.signals.error
        return self.results

    def _place(self) -> Place | None:
        if self.cluster is not None:
            return self.cluster(self.results)
        return Children(self._in_child) if self.budget.jobs > 1 else None

    def _start_what_can(self, pending: list[Step], place: Place | None) -> None:
        for step in list(pending):
            if self._must_stop():
                why = ["interrupted" if self.signals.count else "another step failed"]
                pending.remove(step)
                self._end(StepResult(name=step.name, state=State.NOT_RUN, why=why))
            elif self._is_ready(step) and self._has_room(step):
                pending.remove(step)
                self._begin(step, place)

    def _is_ready(self, step: Step) -> bool:
        names = needs(self.room.planner.pipeline, step)
        return all(name in self.results for name in names)

    def _must_stop(self) -> bool:
        has_failed = any(item.state is State.FAILED for item in self.results.values())
        return self.signals.count > 0 or (has_failed and not self.keep_going)

    def _has_room(self, step: Step) -> bool:
        """Tell whether a step fits beside those that run; alone, each does."""
        return self._fits(limits_of(step), 1)

    def _fits(self, wanted: Limits, count: int) -> bool:
        """Tell whether so many notebooks fit beside those that run."""
        running = [
            limits_of(item.look.step)
            for item in self._running.values()
            for _ in range(item.width)
        ]
        running += [wanted] * (count - 1)
        if self.cluster is not None:
            # What a machine of it has is its scheduler's business.
            return bool(self.slots) or len(running) < self.budget.jobs
        return self.budget.has_room(running, wanted)

    def _width(self, look: Look) -> int:
        """Say how many points of a step may run at once."""
        sweep, space = look.step.sweep, look.space
        if sweep is None or space is None:
            return 1
        if look.outputs and self.cluster is None:
            # They would write the same files.
            return 1
        count = space.size or sweep.random or sweep.search
        count = min(count, sweep.random or sweep.search or count)
        most = min(count, self.slots or self.budget.jobs)
        wanted = limits_of(look.step)
        return next((n for n in range(most, 1, -1) if self._fits(wanted, n)), 1)

    def _begin(self, step: Step, place: Place | None) -> None:
        try:
            # To look at a large folder takes a while.
            with self.signals.let_in():
                result, look = self.room.planner.verdict(step, self.results)
            if look is not None and look.entry is not None:
                result, look = self._from_cache(look)
        except errors.MlopsError as error:
            why = [str(error)]
            result = StepResult(
                name=step.name, state=State.FAILED, why=why, error=error
            )
            look = None
        except KeyboardInterrupt as error:
            self.signals.take(error)
            why = ["interrupted"]
            result, look = (
                StepResult(name=step.name, state=State.NOT_RUN, why=why),
                None,
            )
        if result is not None:
            self._end(result)
        if look is None:
            return
        shown = self.progress.step_began(step.name, look.why) if self.progress else None
        width = self._width(look)
        self._running[step.name] = _Started(look, time.perf_counter(), width)
        if place is None:
            self._finish(step.name, lambda: self._attempts(look, shown))
            return
        try:
            place.start(look, width)
        except errors.MlopsError as error:
            self._finish(step.name, partial(_raise, error))

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
            parameters=look.parameters_with(entry.values),
        )
        return result, None

    def _wait(self, place: Place) -> None:
        try:
            with self.signals.let_in():
                place.wait()
        except KeyboardInterrupt:
            place.interrupt(self.signals.count)
        for step in place.ended():
            self._finish(step.name, lambda: made_of(step.answer()))  # noqa: B023 - called at once

    def _finish(self, name: str, made: Callable[[], Made]) -> None:
        """Take what came of a step that ran."""
        look, began = self._running[name].look, self._running[name].began
        try:
            result = self._kept(look, made())
        except KeyboardInterrupt as error:
            if self.budget.jobs == 1:
                self.signals.take(error)
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
        values = values_of(recorded)
        return StepResult(
            name=look.step.name,
            state=State.FINISHED,
            why=look.why,
            notes=[*made.said, *made.notes, *self._said_of_points(look)],
            run_id=made.run_id,
            parameters=look.parameters_with(values),
            outputs=made.outputs,
            metrics=recorded.metrics,
            values=values,
        )

    def _said_of_points(self, look: Look) -> list[str]:
        """Say of this run alone why its points did not use all that they might."""
        is_one = look.space is None or self.cluster is not None
        if is_one or not look.outputs or self.budget.jobs == 1:
            return []
        paths = " and ".join(look.outputs.values())
        return [f"its points ran one after another: each writes {paths}"]

    def _put_back(self, look: Look) -> None:
        """Bring outputs back that a killed process has left aside."""
        folder = self.room.planner.pipeline.folder
        Aside.left([folder / path for path in look.outputs.values()]).put_back()

    def _end(self, result: StepResult) -> None:
        self.results[result.name] = result
        if self.progress:
            self.progress.step_ended(result)

    # --- one step --------------------------------------------------------------------

    def _attempts(self, look: Look, progress: Progress | None, width: int = 1) -> Made:
        """Try a step as often as it may be."""
        # What runs notebooks is imported only when one runs.
        from jupyter_mlops.pipeline.steps.swept import attempt_at

        waits = look.step.retry.waits()
        number = 1
        while True:
            attempt = attempt_at(
                self.room, look, self.results, number, self.read_run, width=width
            )
            try:
                return attempt.execute_step(progress)
            except (errors.NotebookFailedError, errors.StepFailedError) as error:
                wait = next(waits, None)
                if wait is None or self.signals.count:
                    if attempt.run is not None:
                        error.__dict__.setdefault("run_id", attempt.run.id)
                    raise
            if self.room.make_copies is not None and attempt.run is not None:
                self.room.make_copies.forget(attempt.run.id)
            with let_in():
                time.sleep(wait)
            number += 1

    def _in_child(self, look: Look, width: int) -> dict[str, Any]:
        with held_back() as signals:
            self.signals = signals
            return told_of(self._attempts(look, None, width))


def _raise(error: errors.MlopsError) -> Made:
    raise error
