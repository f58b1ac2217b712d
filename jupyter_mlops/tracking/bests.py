"""The best value of each metric so far, kept ready for the cards under cells."""

from __future__ import annotations

import math
import threading
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from jupyter_mlops.capture.ownimports import OwnImports

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_mlops.store.store import Store

Extremes = tuple[float, float]
_FRESH_SECONDS = 10.0
_FIRST_WAIT_SECONDS = 2.0


class Bests:
    """Least and greatest last values of an experiment's metrics.

    The index is asked in a thread while the user's cell runs: a tracked cell never
    waits for a database, but for the first card of an experiment, which has nothing
    to compare with otherwise.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[str, dict[str, Extremes]] = {}
        self._asked: dict[str, float] = {}
        self._thread: threading.Thread | None = None

    def prepare(self, experiment: str) -> None:
        """Begin to bring what is known of `experiment` up to date."""
        now = time.monotonic()
        is_fresh = now - self._asked.get(experiment, -_FRESH_SECONDS) < _FRESH_SECONDS
        if is_fresh or (self._thread is not None and self._thread.is_alive()):
            return
        self._asked[experiment] = now
        self._thread = threading.Thread(
            target=self._ask,
            args=(experiment, datetime.now(UTC)),
            name="mlops-bests",
            daemon=True,
        )
        self._thread.start()

    def of(self, experiment: str) -> dict[str, Extremes]:
        """Return (least, greatest) of each metric, as far as known."""
        if experiment not in self._known and self._thread is not None:
            self._thread.join(_FIRST_WAIT_SECONDS)
        return dict(self._known.get(experiment, {}))

    def add(self, experiment: str, metrics: dict[str, float]) -> None:
        """Take in the metrics of a run that has just ended."""
        known = self._known.setdefault(experiment, {})
        for key, value in metrics.items():
            known[key] = _widened(known.get(key), value)

    @OwnImports()
    def _ask(self, experiment: str, before: datetime) -> None:
        index = self._store.index
        try:
            index.catch_up()
            found = index.best(experiment, before)
        except Exception:  # noqa: BLE001 - a thread beside a user's cell stays quiet
            # No comparison is shown, then; whoever asks the index itself is told why.
            found = {}
        known = self._known.setdefault(experiment, {})
        for key, extremes in found.items():
            for value in extremes:
                known[key] = _widened(known.get(key), value)


def _widened(extremes: Extremes | None, value: float) -> Extremes:
    if extremes is None or math.isnan(extremes[0]):
        return (value, value)
    if math.isnan(value):
        return extremes
    return (min(extremes[0], value), max(extremes[1], value))


def is_lower_better(key: str, names: Sequence[str]) -> bool:
    """Tell whether a metric is better when smaller, by the words in its name."""
    words = key.lower().replace("-", "_").replace(" ", "_").replace("/", "_").split("_")
    return any(name in words or key.lower().endswith(name) for name in names)
