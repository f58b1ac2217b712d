"""The steps that a metric gets when its caller names none."""

from __future__ import annotations

from itertools import count


class StepCounter:
    """Counts 0, 1, 2, … for each metric, going on after a step that was named.

    Drawing from `itertools.count` is atomic, so threads never share a step.
    """

    __slots__ = ("_counts",)

    def __init__(self) -> None:
        self._counts: dict[str, count[int]] = {}

    def draw(self, key: str) -> int:
        """Return the next step of `key`."""
        counter = self._counts.get(key)
        if counter is None:
            counter = self._counts.setdefault(key, count())
        return next(counter)

    def follow(self, key: str, step: int) -> None:
        """Have `key` go on after `step`."""
        self._counts[key] = count(step + 1)
