"""A param as an axis: numeric, logarithmic or of words."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jupyter_mlops.figures.scales import (
    DECADES,
    Scale,
    is_drawable,
    spans_decades,
    tick_text,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

_FEW = 7
"""Up to so many different numbers each gets its tick."""
_MOST_WORDS = 14
_WORD = 18
_APART = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class ParamAxis:
    """An axis, and where each run lies on it.

    Attributes
    ----------
    places : list of float or None
        From 0 to 1, one a run; None where the run has no value that can be placed.
    ticks : list of (float, str)
        Places and what is written there.
    """

    name: str
    places: list[float | None]
    ticks: list[tuple[float, str]]
    is_log: bool = False


def param_axis(
    name: str, values: Sequence[Any], *, decades: float = DECADES
) -> ParamAxis:
    """Make the axis of a param's values: of numbers if all are, else of words."""
    found = [value for value in values if value is not None]
    if found and all(_is_number(value) for value in found):
        return _numeric(name, values, decades)
    return _of_words(name, values)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _numeric(name: str, values: Sequence[Any], decades: float) -> ParamAxis:
    numbers = [math.nan if value is None else _number(value) for value in values]
    is_log = spans_decades(numbers, decades)
    scale = Scale.of(numbers, is_log=is_log)
    different = sorted({number for number in numbers if math.isfinite(number)})
    marks = different if len(different) <= _FEW else scale.ticks()
    ticks: list[tuple[float, str]] = []
    for mark in marks:
        place = scale.place(mark)
        # Two numbers written over one another tell nothing.
        if place is not None and (not ticks or place - ticks[-1][0] >= _APART):
            ticks.append((place, tick_text(mark)))
    places = [scale.place(number) for number in numbers]
    return ParamAxis(name=name, places=places, ticks=ticks, is_log=scale.is_log)


def _number(value: float) -> float:
    try:
        number = float(value)
    except OverflowError:
        return math.nan
    return number if is_drawable(number) else math.nan


def _of_words(name: str, values: Sequence[Any]) -> ParamAxis:
    said = [None if value is None else _word(value) for value in values]
    different = sorted({word for word in said if word is not None})
    last = max(1, len(different) - 1)
    # One word alone stands in the middle.
    where = {word: at / last for at, word in enumerate(different)}
    if len(different) == 1:
        where = {different[0]: 0.5}
    stride = math.ceil(len(different) / _MOST_WORDS)
    ticks = [(where[word], _cut(word)) for word in different[:: max(1, stride)]]
    places = [None if word is None else where[word] for word in said]
    return ParamAxis(name=name, places=places, ticks=ticks)


def _word(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return " ".join(text.split())


def _cut(word: str) -> str:
    return word if len(word) <= _WORD else word[: _WORD - 1] + "…"
