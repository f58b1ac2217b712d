"""A sweep's points, one after the other: a grid's, or drawn at random."""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass, field
from random import Random, SystemRandom
from typing import TYPE_CHECKING, Any, Protocol

from jupyter_mlops import errors
from jupyter_mlops.pipeline.sweeps.space import MOST_POINTS
from jupyter_mlops.store import events

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from jupyter_mlops.pipeline.sweeps.results import PointResult
    from jupyter_mlops.pipeline.sweeps.space import Space
    from jupyter_mlops.records import JsonValue

_SEED_BITS = 32
_DRAWS = 50
"""How often a point that was there before is drawn anew."""


@dataclass(frozen=True)
class Point:
    """One set of values.

    Attributes
    ----------
    number : int
        From 1, in the order in which they begin.
    values : mapping
        By swept parameter.
    """

    number: int
    values: Mapping[str, JsonValue] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Equal for equal values of equal types."""
        return values_key(self.values)


def values_key(values: Mapping[str, Any]) -> str:
    """Return a text that is equal for equal values, whatever their order."""
    return json.dumps(events.to_json(dict(values)), sort_keys=True)


class Points(Protocol):
    """What decides which point comes next."""

    count: int
    """How many there will be at the most."""
    learns: bool
    """Whether what came of one decides on those after it."""

    def left(self, known: Collection[str]) -> int:
        """Tell how many are not among those whose keys these are, at the most."""

    def next(self) -> Point | None:
        """Return the next one, None when there are no more."""

    def end(self, point: Point, result: PointResult) -> None:
        """Learn what came of one."""

    def is_hopeless(self, point: Point, step: int, value: float) -> bool:
        """Tell whether one that goes on may be stopped, by its metric so far."""

    def learn(self, point: Point, curve: Iterable[tuple[int, float]]) -> None:
        """Take in the rest of a curve: later points are compared with all of it."""


class FixedPoints:
    """Points that do not depend on what came of others."""

    learns = False

    def __init__(self, values: Iterable[dict[str, JsonValue]], count: int) -> None:
        self.count = count
        self._all = [Point(at, found) for at, found in enumerate(values, start=1)]
        self._points = iter(self._all)

    def left(self, known: Collection[str]) -> int:
        """Tell how many are not among those whose keys these are."""
        return sum(point.key not in known for point in self._all)

    def next(self) -> Point | None:
        """Return the next one, None when there are no more."""
        return next(self._points, None)

    def end(self, point: Point, result: PointResult) -> None:
        """Learn nothing of it."""

    def is_hopeless(self, point: Point, step: int, value: float) -> bool:  # noqa: ARG002 - the protocol's
        """Let all run to their ends."""
        return False

    def learn(self, point: Point, curve: Iterable[tuple[int, float]]) -> None:
        """Learn nothing of it."""


def grid_points(space: Space) -> FixedPoints:
    """Take each combination, the last parameter changing fastest.

    Raises
    ------
    InvalidInputError
        When there are too many.
    """
    size = space.size
    assert size is not None, "the reader of a grid lets no range pass"
    if size > MOST_POINTS:
        raise errors.InvalidInputError(
            f"This grid has {size} points; {MOST_POINTS} are the most. Leave values "
            f"out, or draw some of the points: '--random N'.",
            size=size,
        )
    names = list(space.by_name)
    # Only choices are left in a grid: that is what its size says.
    choices = [
        item.values for item in space.by_name.values() if hasattr(item, "values")
    ]
    found = (
        dict(zip(names, values, strict=True)) for values in itertools.product(*choices)
    )
    return FixedPoints(found, size)


def random_points(space: Space, count: int, seed: int) -> FixedPoints:
    """Draw points, each once; the same seed draws the same ones."""
    size = space.size
    count = count if size is None else min(count, size)
    return FixedPoints(_drawn(space, count, seed), count)


def new_seed() -> int:
    """Draw a seed for a sweep that was given none."""
    return SystemRandom().getrandbits(_SEED_BITS)


def _drawn(space: Space, count: int, seed: int) -> Iterator[dict[str, JsonValue]]:
    random = Random(seed)  # noqa: S311 - no secret hangs on it
    if (size := space.size) is not None and size <= MOST_POINTS:
        names = list(space.by_name)
        choices = [
            item.values for item in space.by_name.values() if hasattr(item, "values")
        ]
        for place in random.sample(range(size), count):
            yield dict(zip(names, _at(choices, place), strict=True))
        return
    met: set[str] = set()
    for _ in range(count):
        for _ in range(_DRAWS):
            found = {name: item.draw(random) for name, item in space.by_name.items()}
            if (key := values_key(found)) not in met:
                met.add(key)
                yield found
                break


def _at(choices: list[tuple[JsonValue, ...]], place: int) -> list[JsonValue]:
    """Return the combination at a place of a grid."""
    found = []
    for values in reversed(choices):
        place, at = divmod(place, len(values))
        found.append(values[at])
    return found[::-1]
