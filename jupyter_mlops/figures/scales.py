"""Axes: from values to places between 0 and 1, and the ticks to write beside them."""

from __future__ import annotations

from collections.abc import Sequence  # noqa: TC003 - a field of a dataclass
from dataclasses import dataclass
from math import ceil, floor, log10

DECADES = 100.0
"""Greatest over least from which an axis of a param is logarithmic."""
METRIC_DECADES = 1000.0
"""The same for a metric, which may come near 0 by chance."""
_TICKS = 5
_HUGE, _TINY = 1e300, 1e-300
"""Beyond, lengths and ratios would be no numbers any more."""
_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_WIDE, _TALL = 1e5, 1e-4
_PLAIN = 1e7
"""Integers below are written as they are: steps are counted, not measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """A numeric axis.

    Attributes
    ----------
    low, high : float
        Its ends; `low` is below `high`, and above 0 when it is logarithmic.
    """

    low: float
    high: float
    is_log: bool = False

    @classmethod
    def of(cls, values: Sequence[float], *, is_log: bool = False) -> Scale:
        """Make the axis that holds `values`; those that are no numbers do not count.

        Where `is_log` is asked of values of which none is above 0, it is linear.
        """
        found = [value for value in values if is_drawable(value)]
        above = [value for value in found if value > _TINY]
        if is_log and above:
            low, high = min(above), max(above)
            if low == high:
                low, high = low / 2, high * 2
            return cls(low=low, high=high, is_log=True)
        low, high = (min(found), max(found)) if found else (0.0, 1.0)
        if low == high:
            room = abs(low) * 0.1 or 1.0
            low, high = low - room, high + room
        return cls(low=low, high=high)

    def place(self, value: float) -> float | None:
        """Return where a value lies, 0 to 1; None where the axis cannot hold it."""
        if not is_drawable(value) or (self.is_log and value <= _TINY):
            return None
        if self.is_log:
            first, last = log10(self.low), log10(self.high)
            return (log10(value) - first) / (last - first)
        return (value - self.low) / (self.high - self.low)

    def ticks(self, about: int = _TICKS) -> list[float]:
        """Return round values within the axis."""
        if self.is_log:
            first, last = ceil(log10(self.low) - 1e-9), floor(log10(self.high) + 1e-9)
            if last > first:
                stride = max(1, ceil((last - first) / about))
                return [10.0**power for power in range(first, last + 1, stride)]
        step = _nice((self.high - self.low) / about)
        start = ceil(self.low / step - 1e-9)
        stop = floor(self.high / step + 1e-9)
        if not 0 <= stop - start <= 4 * about:
            # So far from 0 that steps are lost in its digits.
            return [self.low, self.high]
        found = [number * step for number in range(start, stop + 1)]
        return [tick for tick in found if not self.is_log or tick > 0]


def spans_decades(values: Sequence[float], ratio: float = DECADES) -> bool:
    """Tell whether values, all above 0, are better seen on a logarithmic axis."""
    found = [value for value in values if is_drawable(value)]
    return bool(found) and min(found) > _TINY and max(found) / min(found) >= ratio


def is_drawable(value: float) -> bool:
    """Tell whether a picture has a place for a value: no NaN, nothing too large."""
    return -_HUGE < value < _HUGE


def tick_text(value: float) -> str:
    """Write a tick: few digits, powers of ten where there would be many zeros."""
    value = float(value)
    if value == 0:
        return "0"
    if value.is_integer() and abs(value) < _PLAIN:
        return str(int(value))
    if not _TALL <= abs(value) < _WIDE:
        mantissa, _, power = f"{value:.3g}".partition("e")
        return f"{mantissa}e{int(power)}" if power else mantissa
    return f"{value:.4g}"


def _nice(raw: float) -> float:
    power = 10.0 ** floor(log10(raw)) if raw > 0 else 1.0
    return next(step * power for step in _STEPS if step * power >= raw * (1 - 1e-9))
