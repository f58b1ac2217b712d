"""How points are chosen: a grid, drawn, or searched for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jupyter_mlops import errors
from jupyter_mlops.ids import RunId
from jupyter_mlops.pipeline.sweeps.points import grid_points, random_points

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jupyter_mlops.pipeline.sweeps.plan import SweepPlan
    from jupyter_mlops.pipeline.sweeps.points import Points
    from jupyter_mlops.pipeline.sweeps.results import PointResult
    from jupyter_mlops.store.index.answers import MetricSeries

    CurveOf = Callable[[RunId, str], MetricSeries]


@dataclass(frozen=True, kw_only=True)
class Strategy:
    """How points are chosen.

    Attributes
    ----------
    kind : str
        ``grid``, ``random`` or ``search``.
    space : mapping
        What is swept over, as given.
    count : int
        How many points; of a grid as many as it has.
    """

    kind: str
    space: Mapping[str, Any]
    count: int = 0

    @classmethod
    def of(
        cls,
        grid: Mapping[str, Any] | None,
        over: Mapping[str, Any] | None,
        random: int | None,
        search: int | None,
    ) -> Strategy:
        """Make it of what a caller gave.

        Raises
        ------
        InvalidInputError
            When that is nothing, or does not go together.
        """
        if random is not None and search is not None:
            raise errors.InvalidInputError(
                "Give either --random or --search, not both."
            )
        count = random if random is not None else search
        if count is None:
            if over:
                raise errors.InvalidInputError(
                    "What '--over' names is drawn from: say how many points, with "
                    "'--random N' or '--search N'. A grid is given by '--grid'."
                )
            return cls(kind="grid", space=grid or {})
        if count < 1:
            raise errors.InvalidInputError("A sweep has at least one point.")
        both = set(grid or {}) & set(over or {})
        if both:
            raise errors.InvalidInputError(
                f"'{min(both)}' is in '--grid' and in '--over': leave one out."
            )
        kind = "random" if random is not None else "search"
        return cls(kind=kind, space={**(grid or {}), **(over or {})}, count=count)


def points_of(
    strategy: Strategy,
    plan: SweepPlan,
    seed: int,
    *,
    metric: str,
    lower: bool,
    known: Mapping[str, PointResult],
    curve_of: CurveOf,
) -> Points:
    """Return what decides which point comes next.

    Parameters
    ----------
    known : mapping
        Points that need not be run again.
    curve_of : callable
        Reads the whole series of a run's metric: later points are compared with it.
    """
    if strategy.kind == "grid":
        return grid_points(plan.space)
    if strategy.kind == "random":
        return random_points(plan.space, strategy.count, seed)
    from jupyter_mlops.pipeline.sweeps.search import SearchedPoints

    return SearchedPoints(
        plan.space,
        strategy.count,
        seed,
        metric,
        lower,
        [
            (item, curve_of(RunId(item.run_id), metric))
            for item in known.values()
            if metric in item.metrics
        ],
    )
