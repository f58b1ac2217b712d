"""What a sweep's run records: how it was asked for, its points, how it ended."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from jupyter_mlops.pipeline.sweeps.results import (
    OBSERVATION,
    POINT_TAG,
    SHARED,
    PointState,
    SweepResult,
    metric_of,
)
from jupyter_mlops.records import Kind, Status
from jupyter_mlops.tracking import resumed
from jupyter_mlops.tracking.bests import is_lower_better
from jupyter_mlops.tracking.run import Run
from jupyter_mlops.workspace.sweepresuming import INVOCATION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_mlops.pipeline.sweeps.plan import SweepPlan
    from jupyter_mlops.pipeline.sweeps.results import PointResult
    from jupyter_mlops.pipeline.sweeps.runner import SweepRunner
    from jupyter_mlops.tracking.recorded import RecordedRun
    from jupyter_mlops.workspace.workspace import Workspace


class SweepRecord:
    """The run of a sweep; those of its points are within it.

    Parameters
    ----------
    told : dict
        What is said of its points before they run.
    invocation : dict
        How it can be asked for once more.
    origin : RecordedRun, optional
        The sweep that it goes on with.

    Attributes
    ----------
    id : str
        The run's.
    metric : str
        What tells the best of the points; empty when nobody said.
    is_search : bool
        Whether points may be given up early.
    result : SweepResult
        What came of it, after `kept`.
    """

    result: SweepResult

    def __init__(
        self,
        workspace: Workspace,
        plan: SweepPlan,
        told: dict[str, Any],
        invocation: dict[str, Any],
        origin: RecordedRun | None = None,
    ) -> None:
        self._workspace = workspace
        self._told = told
        self._origin = origin
        outer = workspace.current_run()
        self._run = Run.begin(
            workspace.store,
            workspace.formats,
            name=plan.name,
            experiment=plan.experiment,
            kind=Kind.PARENT,
            parent=outer.id if outer else None,
            notebook=str(plan.source.path),
            params={**plan.shown, **plan.space.to_json()},
        )
        self.id = self._run.id
        self.metric: str = told["metric"] or ""
        self.is_search = told["kind"] == "search"
        self._run.masker.know(plan.secrets)
        self._run.observe(INVOCATION, invocation)
        self._run.observe(OBSERVATION, told)

    def begin_point(self, number: int, **told: Any) -> Run:
        """Begin the run of a point; `told` is what `Run.begin` takes."""
        return self._begin_within(str(number), told)

    def begin_shared(self, **told: Any) -> Run:
        """Begin the run of the cells that all points share."""
        return self._begin_within(SHARED, told)

    @contextmanager
    def kept(self, runner: SweepRunner) -> Iterator[None]:
        """Record what comes of a runner, also when it is stopped."""
        status = Status.FAILED
        stopped: BaseException | None = None
        try:
            yield
            status = _status(runner.results)
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                status = Status.CANCELLED
            stopped = error
            raise
        finally:
            self.result = self._result_of(runner, status)
            self._run.observe(OBSERVATION, {**self._told, **self.result.to_json()})
            if self._origin is not None:
                went_on = _resumed(self._origin, runner)
                self.result = replace(self.result, resumed=went_on)
                self._run.observe(resumed.OBSERVATION, went_on.to_observation())
            if (best := self.result.best) is not None:
                metric = self.result.metric
                self._run.log_metric(metric, best.metrics[metric])
            self._run.end(status, error=stopped)

    def _begin_within(self, tag: str, told: dict[str, Any]) -> Run:
        # Not the current one: points run side by side.
        return Run.begin(
            self._workspace.store,
            self._workspace.formats,
            kind=Kind.NOTEBOOK,
            parent=self.id,
            tags={POINT_TAG: tag},
            **told,
        )

    def _result_of(self, runner: SweepRunner, status: Status) -> SweepResult:
        points = sorted(runner.results, key=lambda item: item.number)
        metric = self.metric or metric_of(points)
        return SweepResult(
            run_id=self.id,
            name=runner.room.plan.name,
            status=status,
            points=points,
            metric=metric,
            is_lower_better=is_minimized(self._workspace, metric, self._told["goal"]),
            seed=self._told["seed"],
            shared=runner.shared,
            why_not=runner.why_not,
        )


def is_minimized(workspace: Workspace, metric: str | None, goal: str | None) -> bool:
    """Tell whether less of a metric is better: by the goal, else by its name."""
    if goal is not None:
        return goal == "min"
    known = workspace.settings.lower_is_better
    return bool(metric) and is_lower_better(metric or "", known)


def _resumed(origin: RecordedRun, runner: SweepRunner) -> resumed.Resumed:
    """Say what of an earlier sweep was gone on with."""
    held = runner.held
    points = sum(bool(item.restored) for item in runner.results)
    why = held.why or runner.why_not or ("" if points else "no point was left")
    return resumed.Resumed(
        origin=origin.id,
        restored=held.restored,
        why="" if held.restored else why,
        is_sweep=True,
        points=points,
    )


def _status(results: list[PointResult]) -> Status:
    has_failed = any(item.state is PointState.FAILED for item in results)
    return Status.FAILED if has_failed else Status.FINISHED
