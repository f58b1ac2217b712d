"""Curves for a terminal, in dots of Braille: two by four a letter."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from math import isfinite
from typing import TYPE_CHECKING

from jupyter_mlops.figures.scales import Scale, tick_text
from jupyter_mlops.figures.series import Curve, reduced

if TYPE_CHECKING:
    from collections.abc import Sequence

_BITS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))
_BLANK = 0x2800


@dataclass(slots=True)
class Chart:
    """A chart of letters.

    Attributes
    ----------
    rows : list of list of (str, int or None)
        Letters from left to right, each with the number of the curve it belongs to.
    left : list of str
        What stands before each row.
    ends : list of list of int
        The curves whose last value is at the height of each row.
    below : str
        What stands below the rows.
    """

    rows: list[list[tuple[str, int | None]]]
    left: list[str]
    ends: list[list[int]]
    below: str


@dataclass(slots=True)
class _Grid:
    width: int
    height: int
    bits: dict[tuple[int, int], int] = field(default_factory=dict)
    owner: dict[tuple[int, int], int] = field(default_factory=dict)

    def dot(self, x: int, y: int, owner: int) -> None:
        cell = (x // 2, y // 4)
        self.bits[cell] = self.bits.get(cell, 0) | _BITS[x % 2][y % 4]
        self.owner[cell] = owner

    def line(self, start: tuple[int, int], end: tuple[int, int], owner: int) -> None:
        count = max(abs(end[0] - start[0]), abs(end[1] - start[1]), 1)
        for at in range(count + 1):
            x = start[0] + round((end[0] - start[0]) * at / count)
            y = start[1] + round((end[1] - start[1]) * at / count)
            self.dot(x, y, owner)


def draw_chart(
    curves: Sequence[Curve],
    *,
    width: int = 60,
    height: int = 12,
    logx: bool = False,
    logy: bool = False,
) -> Chart:
    """Draw curves of one metric into `width` by `height` letters."""
    across = Scale.of([x for c in curves for x in _ends(c.xs, logx)], is_log=logx)
    up = Scale.of([y for curve in curves for y in curve.ys], is_log=logy)
    grid = _Grid(width, height)
    for owner, curve in enumerate(curves):
        _draw(grid, curve, across, up, owner)
    rows = [
        [
            (chr(_BLANK | grid.bits.get((x, y), 0)), grid.owner.get((x, y)))
            for x in range(width)
        ]
        for y in range(height)
    ]
    return Chart(
        rows,
        _left(up, height),
        _ends_of(curves, up, height),
        _below(across, curves, width),
    )


def _ends(xs: Sequence[float], logx: bool) -> Sequence[float]:  # noqa: FBT001 - of two axes the one
    return xs if logx else [*xs[:1], *xs[-1:]]


def _draw(grid: _Grid, curve: Curve, across: Scale, up: Scale, owner: int) -> None:
    xs, ys = reduced(curve.xs, curve.ys, 4 * grid.width)
    dots: list[tuple[int, int] | None] = []
    for x, y in zip(xs, ys, strict=True):
        at, height = across.place(x), up.place(y)
        if at is None or height is None:
            dots.append(None)
            continue
        right, down = 2 * grid.width - 1, 4 * grid.height - 1
        dots.append((round(at * right), round((1 - height) * down)))
    for dot in dots:
        if dot is not None:
            grid.dot(*dot, owner)
    for start, end in pairwise(dots):
        if start is not None and end is not None:
            grid.line(start, end, owner)


def _ends_of(curves: Sequence[Curve], up: Scale, height: int) -> list[list[int]]:
    ends: list[list[int]] = [[] for _ in range(height)]
    for owner, curve in enumerate(curves):
        place = up.place(curve.last)
        if place is not None:
            ends[round((1 - place) * (4 * height - 1)) // 4].append(owner)
    return ends


def _left(up: Scale, height: int) -> list[str]:
    marks = dict.fromkeys(range(height), "")
    for tick in up.ticks(4):
        place = up.place(tick)
        if place is not None:
            marks[min(height - 1, int((1 - place) * height))] = tick_text(tick)
    width = max(map(len, marks.values()))
    return [f"{marks[row]:>{width}} {'┤' if marks[row] else '│'}" for row in marks]


def _below(across: Scale, curves: Sequence[Curve], width: int) -> str:
    if all(len(curve) <= 1 for curve in curves) and across.low != across.high:
        finite = [x for curve in curves for x in curve.xs if isfinite(x)]
        if finite and min(finite) == max(finite):
            return tick_text(finite[0]).center(width).rstrip()
    low, high = tick_text(across.low), tick_text(across.high)
    return f"{low}{high:>{max(0, width - len(low))}}"
