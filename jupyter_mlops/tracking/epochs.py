"""Metrics that a training gives epoch by epoch, on their way into its run.

The first model that is trained in a cell logs under the plain names (``val_loss``), a
second one as ``fit2.val_loss``. A name that the cell gives a metric by itself stays
the cell's: then it is ``fit.val_loss``. Trained again, a model goes on where it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jupyter_mlops.capture.fits.seen import Reference
from jupyter_mlops.capture.values import as_number, check_key
from jupyter_mlops.errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from jupyter_mlops.tracking.run import Run

_SERIES = 20
"""Models of one cell whose epochs are logged."""


@dataclass(slots=True)
class _Series:
    model: Reference
    number: int
    offset: int = 0
    last: int = -1


class EpochLog:
    """Logs the epochs of the models that are trained in one cell.

    Parameters
    ----------
    taken : callable
        As for `FittedModels`.
    """

    def __init__(self, run: Run, taken: Callable[[], Iterable[str]]) -> None:
        self.problems: list[str] = []
        self._run = run
        self._find_taken = taken
        self._taken: set[str] | None = None
        self._series: list[_Series] = []
        self._ours: set[str] = set()

    def log(self, model: object, step: int, numbers: dict[str, Any]) -> None:
        """Log the metrics of one step of a training."""
        series = self._series_of(model)
        if series is None or not self._run.is_open:
            return
        if step + series.offset <= series.last:
            series.offset = series.last + 1 - step
        series.last = step + series.offset
        known: dict[str, float] = {}
        for name, value in numbers.items():
            try:
                key = check_key(self._key(str(name), series.number), "metric")
                known[key] = as_number(value)
            except InvalidInputError:
                # Nobody asked for it: what is no number is passed over.
                continue
        self._ours.update(known)
        self._run.log_metrics(known, series.last)

    def _series_of(self, model: object) -> _Series | None:
        for series in reversed(self._series):
            if series.model() is model:
                return series
        if len(self._series) >= _SERIES:
            told = f"epochs are recorded of the first {_SERIES} models of a cell only"
            self.problems = [told]
            return None
        series = _Series(Reference(model), len(self._series) + 1)
        self._series.append(series)
        return series

    def _key(self, name: str, number: int) -> str:
        if number > 1:
            return f"fit{number}.{name}"
        if self._taken is None:
            self._taken = set(self._find_taken())
        is_users = name in self._run.metrics and name not in self._ours
        return f"fit.{name}" if is_users or name in self._taken else name
