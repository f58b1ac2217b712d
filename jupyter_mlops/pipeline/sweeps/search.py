"""Points that follow what came of earlier ones: Optuna's samplers and pruners.

Optuna is the extra ``search``, and known to this file alone.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from jupyter_mlops import errors
from jupyter_mlops.pipeline.sweeps.points import Point
from jupyter_mlops.pipeline.sweeps.results import PointState
from jupyter_mlops.pipeline.sweeps.space import Choices, Range

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from jupyter_mlops.pipeline.sweeps.results import PointResult
    from jupyter_mlops.pipeline.sweeps.space import Space
    from jupyter_mlops.store.index.answers import MetricSeries

_STARTUP = 5
"""Points that run to their ends before others are compared with them."""


class SearchedPoints:
    """Points that Optuna proposes.

    Parameters
    ----------
    metric : str
        What it tries to bring to its least or greatest value.
    earlier : sequence of (PointResult, MetricSeries)
        What is known already, with its metric's curve; these points count.
    """

    learns = True

    def __init__(  # noqa: PLR0917 - one call, one place
        self,
        space: Space,
        count: int,
        seed: int,
        metric: str,
        is_lower_better: bool,  # noqa: FBT001 - as above
        earlier: Sequence[tuple[PointResult, MetricSeries]] = (),
    ) -> None:
        self.count = count
        self._optuna = _optuna()
        self._metric = metric
        self._space = space
        self._begun = 0
        # Points end, and tell how they fare, in threads of their own.
        self._lock = threading.Lock()
        self._trials: dict[int, Any] = {}
        self._steps: dict[int, set[int]] = {}
        self._study = self._optuna.create_study(
            direction="minimize" if is_lower_better else "maximize",
            sampler=self._optuna.samplers.TPESampler(
                seed=seed, n_startup_trials=_STARTUP, constant_liar=True
            ),
            pruner=self._optuna.pruners.MedianPruner(n_startup_trials=_STARTUP),
        )
        self._distributions = {
            name: self._distribution(item) for name, item in space.by_name.items()
        }
        for item, curve in earlier:
            self._add(item, curve)

    def left(self, known: Collection[str]) -> int:
        """Tell how many may come that are not known."""
        return max(self.count - len(known), 0)

    def next(self) -> Point | None:
        """Return the next one, None when there are no more."""
        if self._begun >= self.count:
            return None
        with self._lock:
            trial = self._study.ask(self._distributions)
            number = self._begun = self._begun + 1
            self._trials[number] = trial
        values = {name: self._value(name, trial.params[name]) for name in trial.params}
        return Point(number, values)

    def end(self, point: Point, result: PointResult) -> None:
        """Learn what came of one."""
        state = self._optuna.trial.TrialState
        value = result.metrics.get(self._metric)
        with self._lock:
            trial = self._trials.pop(point.number)
            if result.state is PointState.PRUNED:
                self._study.tell(trial, state=state.PRUNED)
            elif (
                result.state is PointState.FINISHED
                and value is not None
                and value == value  # noqa: PLR0124 - Optuna takes no NaN
            ):
                self._study.tell(trial, value)
            else:
                self._study.tell(trial, state=state.FAIL)

    def is_hopeless(self, point: Point, step: int, value: float) -> bool:
        """Tell whether one that goes on may be stopped, by its metric so far."""
        with self._lock:
            is_new = self._report(point, step, value)
            return is_new and bool(self._trials[point.number].should_prune())

    def learn(self, point: Point, curve: Iterable[tuple[int, float]]) -> None:
        """Take in the rest of a curve: later points are compared with all of it."""
        with self._lock:
            for step, value in curve:
                self._report(point, step, value)

    def _report(self, point: Point, step: int, value: float) -> bool:
        """Report a value, unless there is one for its step; tell whether it was new."""
        trial = self._trials.get(point.number)
        known = self._steps.setdefault(point.number, set())
        if trial is None or step < 0 or step in known:
            return False
        known.add(step)
        trial.report(value, step)
        return True

    def _distribution(self, item: Choices | Range) -> Any:
        kinds = self._optuna.distributions
        if isinstance(item, Choices):
            # By place: values may be lists, which Optuna does not take.
            return kinds.CategoricalDistribution(list(range(len(item.values))))
        if item.is_int:
            return kinds.IntDistribution(int(item.low), int(item.high), log=item.is_log)
        return kinds.FloatDistribution(item.low, item.high, log=item.is_log)

    def _value(self, name: str, found: Any) -> Any:
        item = self._space.by_name[name]
        return item.values[found] if isinstance(item, Choices) else found

    def _add(self, item: PointResult, curve: MetricSeries) -> None:
        value = item.metrics.get(self._metric)
        if value is None or value != value:  # noqa: PLR0124 - Optuna takes no NaN
            return
        params: dict[str, Any] = {}
        for name, found in item.values.items():
            dimension = self._space.by_name[name]
            if isinstance(dimension, Choices):
                params[name] = dimension.values.index(found)
            else:
                params[name] = found
        trial = self._optuna.trial.create_trial(
            params=params,
            distributions=self._distributions,
            value=value,
            intermediate_values={
                step: found
                for step, found in zip(curve.steps, curve.values, strict=True)
                if step >= 0 and found == found  # noqa: PLR0124 - as above
            },
        )
        self._study.add_trial(trial)


def _optuna() -> Any:
    try:
        import optuna
    except ImportError as error:
        raise errors.MissingLibraryError(
            "A sweep that searches needs Optuna, which is not installed: 'pip install "
            "\"jupyter-mlops[search]\"'. Or draw points: '--random N'.",
            library="optuna",
        ) from error
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    return optuna
