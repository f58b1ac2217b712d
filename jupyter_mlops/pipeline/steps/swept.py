"""A step that sweeps: its notebook at each point, then the best point's results.

Points run whole. Where they would write the same files they run one after the other;
else side by side, or on a cluster. Each one's outputs are kept; the best one's are in
their places when the step has ended.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from jupyter_mlops import errors
from jupyter_mlops.pipeline.steps.attempt import ATTEMPT_TAG, OBSERVATION, Attempt
from jupyter_mlops.pipeline.steps.look import BEST
from jupyter_mlops.pipeline.steps.made import Made, values_of
from jupyter_mlops.pipeline.steps.outputs import bring_back, keep_outputs, remove
from jupyter_mlops.pipeline.steps.sweptpoints import PointsHere, chosen_points, pause
from jupyter_mlops.pipeline.steps.tracejoin import joined_trace
from jupyter_mlops.pipeline.sweeps.recorded import completed
from jupyter_mlops.pipeline.sweeps.results import OBSERVATION as SWEEP
from jupyter_mlops.pipeline.sweeps.results import (
    PointResult,
    PointState,
    SweepResult,
)
from jupyter_mlops.pipeline.sweeps.schedule import Schedule
from jupyter_mlops.pipeline.sweeps.whole import failure_line
from jupyter_mlops.records import Kind, Status
from jupyter_mlops.tracking.bests import is_lower_better
from jupyter_mlops.tracking.handing import FOLDER, PREFIX
from jupyter_mlops.tracking.run import Run

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jupyter_mlops.pipeline.apart import Interrupts
    from jupyter_mlops.pipeline.execution import Progress
    from jupyter_mlops.pipeline.steps.attempt import Room
    from jupyter_mlops.pipeline.steps.look import Look
    from jupyter_mlops.pipeline.steps.results import StepResult
    from jupyter_mlops.pipeline.steps.sweptpoints import OnePoint, ReadRun, TryPoint
    from jupyter_mlops.pipeline.sweeps.points import Point, Points
    from jupyter_mlops.tracking.recorded import RecordedRun


def attempt_at(
    room: Room,
    look: Look,
    results: Mapping[str, StepResult],
    number: int,
    read_run: ReadRun,
    *,
    width: int = 1,
) -> Attempt | SweptAttempt:
    """Make an attempt at a step: at its notebook, or at a sweep over it.

    Parameters
    ----------
    width : int
        How many points of a sweep may run at once.
    """
    if look.space is None:
        return Attempt(room, look, results, number)
    try_point = PointsHere(room, results)
    return SweptAttempt(room, look, try_point, read_run, number, width)


@dataclass
class SweptAttempt:
    """One attempt at a step that sweeps; `number` counts from 1.

    Parameters
    ----------
    try_point : TryPoint
        Makes attempts at points.
    width : int
        How many run at once.
    is_far : bool
        They run elsewhere: nothing here is written but by this.
    """

    room: Room
    look: Look
    try_point: TryPoint
    read_run: ReadRun
    number: int = 1
    width: int = 1
    is_far: bool = False
    run: Run | None = None
    _points: list[PointResult] = field(default_factory=list)
    _made: dict[int, Made] = field(default_factory=dict)
    _stopped: BaseException | None = None
    _schedule: Schedule | None = None

    def execute_step(self, progress: Progress | None = None) -> Made:
        """Run the points, and put the best one's results in the step's place.

        Raises
        ------
        StepFailedError
            When no point has the metric that tells the best.
        KeyboardInterrupt
            When interrupted; outputs are as they were.
        """
        clock = time.perf_counter()
        run = self.run = self._begin()
        before = self._outputs_before()
        try:
            self._run_points(progress)
            best = self._best()
            made = self._keep(run, best, time.perf_counter() - clock)
        except BaseException as error:
            self._put_back(before)
            status = Status.FAILED
            if isinstance(error, KeyboardInterrupt):
                status = Status.CANCELLED
            run.observe(SWEEP, self._told(status))
            run.end(status, error=error)
            raise
        run.observe(SWEEP, self._told(Status.FINISHED))
        run.end()
        return made

    # --- the points -------------------------------------------------------------------

    def _run_points(self, progress: Progress | None) -> None:
        points = chosen_points(self.look, is_lower_better=self._is_lower_better)
        if self.width > 1 or self.is_far:
            self._run_side_by_side(points)
            return
        while (point := points.next()) is not None:
            found = self._completed(self._run_point(point, progress))
            self._points.append(found)
            points.end(point, found)

    def _run_side_by_side(self, points: Points) -> None:
        schedule = self._schedule = Schedule(
            points=points,
            run_point=self._run_apart,
            end_point=self._completed,
            jobs=self.width,
            is_patient=False,
            results=self._points,
        )
        schedule.run()
        if self._stopped is not None:
            raise self._stopped

    def _run_apart(self, point: Point, interrupts: Interrupts) -> PointResult:  # noqa: ARG002 - they are this thread's own
        """Run a point; what ends one in turn, and the step with it, ends all here."""
        try:
            return self._run_point(point, None)
        except BaseException as error:  # noqa: BLE001 - it is raised when all have ended
            self._stopped = self._stopped or error
            assert self._schedule is not None, "it runs this"
            self._schedule.cancel(now=True)
            is_interrupt = isinstance(error, KeyboardInterrupt)
            return PointResult(
                number=point.number,
                values=point.values,
                state=PointState.CANCELLED if is_interrupt else PointState.FAILED,
                why="interrupted" if is_interrupt else str(error),
            )

    def _run_point(self, point: Point, progress: Progress | None) -> PointResult:
        waits = self.look.step.retry.waits()
        number = 1
        assert self.run is not None, "it began before its points"
        while True:
            attempt = self.try_point(self.look, point, self.run.id, number)
            try:
                made = attempt.execute_step(progress)
            except (errors.NotebookFailedError, errors.StepFailedError) as error:
                if (wait := next(waits, None)) is None:
                    why = failure_line(error)
                    return _result(point, attempt, PointState.FAILED, why)
            else:
                self._made[point.number] = made
                return _result(point, attempt, PointState.FINISHED)
            pause(wait)
            number += 1

    def _completed(self, result: PointResult) -> PointResult:
        run_id = result.run_id
        return completed(result, self.read_run(run_id)) if run_id else result

    # --- what they left ---------------------------------------------------------------

    def _best(self) -> PointResult:
        best = self._told_result(Status.FINISHED).best
        step, sweep = self.look.step, self.look.step.sweep
        assert sweep is not None
        if best is not None:
            return best
        known = {name for item in self._points for name in item.metrics}
        failed = [item for item in self._points if item.state is PointState.FAILED]
        if len(failed) == len(self._points) and failed:
            why = f"all its points failed, the first one so: {failed[0].why}"
        else:
            hint = errors.nearest(sweep.metric, known)
            why = f"none of its points has the metric '{sweep.metric}'.{hint}"
        raise errors.StepFailedError(f"The step '{step.name}': {why}", step=step.name)

    def _keep(self, run: Run, best: PointResult, seconds: float) -> Made:
        planner, look = self.room.planner, self.look
        made = self._made[best.number]
        bring_back(made.outputs, planner.pipeline.folder, planner.blobs, planner.files)
        recorded = self.read_run(best.run_id)
        run.log_metrics(recorded.metrics)
        for name, kept in made.outputs.items():
            run.record("artifact", **kept.artifact_fields(name))
        self._hand_on(run, recorded, best)
        trace, notes = self._trace_and_notes()
        run.observe(
            OBSERVATION,
            {
                "key": look.facts.key,
                "facts": look.facts.to_json(),
                "trace": trace.to_json() if trace else None,
                "notes": notes,
            },
        )
        return Made(
            run_id=run.id,
            trace=trace,
            outputs=made.outputs,
            notes=notes,
            seconds=round(seconds, 3),
        )

    def _hand_on(self, run: Run, recorded: RecordedRun, best: PointResult) -> None:
        """Hand on what the best point did, and which it is."""
        for name, told in values_of(recorded).items():
            run.observe(
                f"{PREFIX}{name}", {k: v for k, v in told.items() if k != "digest"}
            )
            kept = recorded.artifacts.get(f"{FOLDER}/{name}")
            if kept is not None:
                run.record(
                    "artifact",
                    name=kept.name,
                    format=kept.format,
                    digest=kept.digest,
                    size=kept.size,
                    folder=True if kept.is_folder else None,
                    meta=kept.meta,
                )
        run.observe(f"{PREFIX}{BEST}", {"json": dict(best.values)})

    def _trace_and_notes(self) -> tuple[Any, list[str]]:
        """Join what the points needed: the best is so by comparison with all."""
        made = list(self._made.values())
        notes = list(dict.fromkeys(note for item in made for note in item.notes))
        if failed := len(self._points) - len(made):
            noun = "point" if failed == 1 else "points"
            notes.append(f"runs again next time: {failed} {noun} failed")
            return None, notes
        trace = joined_trace([item.trace for item in made])
        if trace is None and not any(item.trace is None for item in made):
            notes.append("runs again next time: something changed between its points")
        return trace, notes

    # --- its run ----------------------------------------------------------------------

    def _begin(self) -> Run:
        look, pipeline = self.look, self.room.planner.pipeline
        assert look.space is not None
        tags = {ATTEMPT_TAG: str(self.number)} if self.number > 1 else {}
        return Run.begin(
            self.room.store,
            self.room.formats(),
            name=look.step.name,
            experiment=pipeline.name,
            kind=Kind.STEP,
            parent=self.room.parent,
            notebook=str(look.notebook.path),
            params={**look.parameters, **look.space.to_json()},
            tags=tags,
        )

    @property
    def _is_lower_better(self) -> bool:
        sweep = self.look.step.sweep
        assert sweep is not None
        if sweep.goal:
            return sweep.goal == "min"
        return is_lower_better(sweep.metric, self.room.lower_is_better)

    def _told_result(self, status: Status) -> SweepResult:
        assert self.run is not None
        sweep = self.look.step.sweep
        assert sweep is not None
        return SweepResult(
            run_id=self.run.id,
            name=self.look.step.name,
            status=status,
            points=self._points,
            metric=sweep.metric,
            is_lower_better=self._is_lower_better,
            seed=None if sweep.is_grid else sweep.seed,
        )

    def _told(self, status: Status) -> dict[str, Any]:
        assert self.look.space is not None
        return {
            **self._told_result(status).to_json(),
            "space": self.look.space.to_json(),
        }

    # --- outputs as they were ---------------------------------------------------------

    def _outputs_before(self) -> dict[str, Any]:
        folder = self.room.planner.pipeline.folder
        there = {
            name: path
            for name, path in self.look.outputs.items()
            if (folder / path).exists()
        }
        return keep_outputs(
            there, folder, self.room.store.blobs, self.look.step.name, []
        )

    def _put_back(self, before: Mapping[str, Any]) -> None:
        planner = self.room.planner
        folder = planner.pipeline.folder
        for name, path in self.look.outputs.items():
            if name not in before:
                remove(folder / path)
        bring_back(before, folder, planner.blobs, planner.files)


def _result(
    point: Point, attempt: OnePoint, state: PointState, why: str = ""
) -> PointResult:
    return PointResult(
        number=point.number,
        values=point.values,
        state=state,
        run_id=attempt.run_id,
        why=why,
    )
