"""Curves as small SVG pictures, drawn by hand: nothing is imported for them.

A picture stands in an ``img`` element, where it outlives the kernel and what a front
end takes out of pages that it does not trust; so its greys must be seen on light and
on dark alike.
"""

from __future__ import annotations

import base64
from html import escape
from math import isfinite
from typing import TYPE_CHECKING

from jupyter_mlops.figures.scales import Scale, tick_text
from jupyter_mlops.figures.series import reduced

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_mlops.figures.series import Curve

COLOURS = ("#3b8fd6", "#e0803a", "#3fa35a", "#d65a5a", "#9a75c9", "#a5795f")
_GREY = "#858585"
_FONT = "font-family='sans-serif' font-size='10'"
_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 8, 18, 16
_POINTS = 400


def draw_sketch(
    title: str, curves: Sequence[Curve], *, width: int = 340, height: int = 150
) -> str:
    """Draw curves over one another with two axes; each label in its colour."""
    across = Scale.of([x for c in curves for x in (*c.xs[:1], *c.xs[-1:])])
    up = Scale.of([y for curve in curves for y in curve.ys])
    left, right, top, bottom = _LEFT, width - _RIGHT, _TOP, height - _BOTTOM
    parts = [_title(title, curves, left)]
    for tick in up.ticks(3):
        y = bottom - (up.place(tick) or 0.0) * (bottom - top)
        parts.append(
            f"<path d='M{left} {y:.1f}H{right}' stroke='{_GREY}' opacity='.25'/>"
            f"<text x='{left - 5}' y='{y + 3.5:.1f}' text-anchor='end' {_FONT} "
            f"fill='{_GREY}'>{tick_text(tick)}</text>"
        )
    ends = [(left, "start", across.low), (right, "end", across.high)]
    is_line = any(len(curve) > 1 for curve in curves)
    for x, anchor, value in ends if is_line else ():
        parts.append(
            f"<text x='{x}' y='{height - 3}' text-anchor='{anchor}' {_FONT} "
            f"fill='{_GREY}'>{tick_text(value)}</text>"
        )
    for at, curve in enumerate(curves):
        colour = COLOURS[at % len(COLOURS)]
        parts.append(_line(curve, across, up, (left, right, top, bottom), colour))
    return _svg("".join(parts), width, height)


def draw_sparkline(curve: Curve, *, width: int = 110, height: int = 22) -> str:
    """Draw a curve alone, as high as a line of text."""
    across = Scale.of([*curve.xs[:1], *curve.xs[-1:]])
    box = (2, width - 2, 3, height - 3)
    line = _line(curve, across, Scale.of(curve.ys), box, COLOURS[0])
    return _svg(line, width, height)


def image(svg: str, width: int, height: int, alt: str) -> str:
    """Put a picture into an HTML element that needs nothing else."""
    data = base64.b64encode(svg.encode()).decode()
    return (
        f'<img src="data:image/svg+xml;base64,{data}" width="{width}" '
        f'height="{height}" alt="{escape(alt)}" style="display:inline-block;'
        f'vertical-align:middle">'
    )


def _svg(inner: str, width: int, height: int) -> str:
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' width='{width}' height='{height}' "
        f"viewBox='0 0 {width} {height}'>{inner}</svg>"
    )


def _title(title: str, curves: Sequence[Curve], left: int) -> str:
    if len(curves) == 1:
        said = f"<tspan fill='{COLOURS[0]}'>{_text(title)}</tspan>"
    else:
        said = " ".join(
            f"<tspan fill='{COLOURS[at % len(COLOURS)]}'>{_text(curve.metric)}</tspan>"
            for at, curve in enumerate(curves)
        )
    return f"<text x='{left}' y='11' {_FONT} font-weight='bold'>{said}</text>"


def _text(words: str) -> str:
    # XML has no place for control signs, escaped or not.
    return escape("".join(sign if sign.isprintable() else "�" for sign in words))


def _line(
    curve: Curve,
    across: Scale,
    up: Scale,
    box: tuple[float, float, float, float],
    colour: str,
) -> str:
    left, right, top, bottom = box
    xs, ys = reduced(curve.xs, curve.ys, _POINTS)
    words: list[str] = []
    is_drawing = False
    last = None
    for x, y in zip(xs, ys, strict=True):
        at, height = across.place(x), up.place(y)
        if at is None or height is None or not isfinite(y):
            is_drawing = False
            continue
        last = (left + at * (right - left), bottom - height * (bottom - top))
        # A point between two gaps is a line of no length, which round caps show.
        move = "L" if is_drawing else f"M{last[0]:.1f} {last[1]:.1f}L"
        words.append(f"{move}{last[0]:.1f} {last[1]:.1f}")
        is_drawing = True
    if last is None:
        return ""
    path = (
        f"<path d='{''.join(words)}' fill='none' stroke='{colour}' "
        f"stroke-width='1.5' stroke-linejoin='round' stroke-linecap='round'/>"
    )
    return (
        f"{path}<circle cx='{last[0]:.1f}' cy='{last[1]:.1f}' r='2.2' fill='{colour}'/>"
    )
