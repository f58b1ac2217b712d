"""The points of a step that sweeps, and attempts at one: at the step's notebook."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

from jupyter_mlops.pipeline.apart import run_apart
from jupyter_mlops.pipeline.steps.attempt import ATTEMPT_TAG, Attempt
from jupyter_mlops.pipeline.sweeps.points import grid_points, random_points
from jupyter_mlops.pipeline.sweeps.results import POINT_TAG
from jupyter_mlops.records import Kind
from jupyter_mlops.tracking.run import Run

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jupyter_mlops.ids import RunId
    from jupyter_mlops.pipeline.execution import Progress
    from jupyter_mlops.pipeline.steps.attempt import Room
    from jupyter_mlops.pipeline.steps.look import Look
    from jupyter_mlops.pipeline.steps.made import Made
    from jupyter_mlops.pipeline.steps.results import StepResult
    from jupyter_mlops.pipeline.sweeps.points import Point, Points
    from jupyter_mlops.tracking.recorded import RecordedRun


class ReadRun(Protocol):
    """Reads a run that has ended."""

    def __call__(self, run_id: str, /) -> RecordedRun:
        """Read it."""


class OnePoint(Protocol):
    """One attempt at one point, here or elsewhere."""

    @property
    def run_id(self) -> str:
        """Its run's, once it is known."""

    def execute_step(self, progress: Progress | None = None) -> Made:
        """Run it to its end; raises as `Attempt.execute_step`."""


class TryPoint(Protocol):
    """Makes attempts at points."""

    def __call__(
        self, look: Look, point: Point, parent: RunId, number: int
    ) -> OnePoint:
        """Make the attempt of this number, within the run of the step."""


class PointAttempt(Attempt):
    """One attempt at one point: a run within the step's."""

    parent: RunId
    point: Point

    @property
    def run_id(self) -> str:
        """Its run's, once it has begun."""
        return self.run.id if self.run is not None else ""

    def _begin(
        self, *, name: str, experiment: str, params: dict[str, Any], notebook: str
    ) -> Run:
        self.run = Run.begin(
            self.room.store,
            self.room.formats(),
            name=f"{name} {self.point.number}",
            experiment=experiment,
            kind=Kind.NOTEBOOK,
            parent=self.parent,
            notebook=notebook,
            params=params,
            tags=point_tags(self.point, self.number),
        )
        return self.run

    def _compare_with_earlier(self) -> None:
        """Compare nothing: the step's earlier outputs are those of its best point."""


@dataclass(frozen=True)
class PointsHere:
    """Attempts at points on this machine; a `TryPoint`."""

    room: Room
    results: Mapping[str, StepResult]

    def __call__(
        self, look: Look, point: Point, parent: RunId, number: int
    ) -> PointAttempt:
        """Make one."""
        found = PointAttempt(self.room, look_at(look, point), self.results, number)
        found.parent, found.point = parent, point
        return found


def look_at(look: Look, point: Point) -> Look:
    """Return a step that sweeps as it is looked at for one of its points."""
    return replace(
        look,
        given={**look.given, **point.values},
        parameters={**look.parameters, **point.values},
        space=None,
    )


def point_tags(point: Point, number: int) -> dict[str, str]:
    """Return what a point's run is tagged with; `number` counts attempts from 1."""
    tags = {POINT_TAG: str(point.number)}
    if number > 1:
        tags[ATTEMPT_TAG] = str(number)
    return tags


def chosen_points(look: Look, *, is_lower_better: bool) -> Points:
    """Return what decides which point comes next."""
    sweep, space = look.step.sweep, look.space
    assert sweep is not None, "it is asked of steps that sweep only"
    assert space is not None, "as above"
    if sweep.is_grid:
        return grid_points(space)
    if sweep.random:
        return random_points(space, sweep.random, sweep.seed)
    from jupyter_mlops.pipeline.sweeps.search import SearchedPoints

    return SearchedPoints(
        space, sweep.search, sweep.seed, sweep.metric, is_lower_better
    )


def pause(seconds: float) -> None:
    """Wait, in any thread, unless interrupted."""
    event = threading.Event()

    def cancel(*, now: bool) -> None:  # noqa: ARG001 - the protocol's
        event.set()

    def wait() -> None:
        event.wait(seconds)

    run_apart(wait, cancel)
