"""Metrics of runs as curves, one panel a metric; few runs stand out of many."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jupyter_mlops.figures.canvas import (
    QUIET,
    add_notes,
    drawing,
    new_figure,
    write_log_ticks,
)
from jupyter_mlops.figures.dots import draw_dots
from jupyter_mlops.figures.scales import is_drawable
from jupyter_mlops.figures.series import (
    MOST_POINTS,
    Curve,
    reduced,
    smoothed,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

STANDING_OUT = 10
"""Runs with a colour and a line in the legend; a legend has room for no more."""
_WIDTH, _HEIGHT = 4.1, 2.9
_MARKED = 40
"""Up to so many points each has a mark."""
_UNITS = ((7200.0, 3600.0, "h"), (180.0, 60.0, "min"), (0.0, 1.0, "s"))


@dataclass(frozen=True, slots=True, kw_only=True)
class CurveLook:
    """How curves are drawn.

    Attributes
    ----------
    x : str
        ``step``, or ``time`` in seconds since the run began.
    smoothing : float
        From 0 to below 1; the raw curve stays, faint, behind.
    lower_is_better : collection of str
        The metrics of which the least is the best.
    """

    x: str = "step"
    smoothing: float = 0.0
    logx: bool = False
    logy: bool = False
    lower_is_better: frozenset[str] = frozenset()


def draw_curves(
    curves: Sequence[Curve], look: CurveLook, notes: Sequence[str] = ()
) -> Figure:
    """Draw curves; metrics with one value a run become dots beside their names."""
    panels = panels_of(curves)
    columns = 1 if len(panels) == 1 else 2
    rows = math.ceil(len(panels) / columns)
    first = standing_out(curves, look)
    is_single = columns == 1
    has_legend = any(len(panel) > 1 and not is_of_points(panel) for panel in panels)
    with drawing():
        width = (1.5 if is_single else columns) * _WIDTH + (1.6 if has_legend else 0)
        heights = [_HEIGHT] * rows
        for at, panel in enumerate(panels):
            if is_of_points(panel):
                taller = 0.9 + 0.2 * min(len(panel), STANDING_OUT * 4)
                heights[at // columns] = max(heights[at // columns], taller)
        figure = new_figure(width, sum(heights))
        grid = figure.add_gridspec(rows, columns, height_ratios=heights)
        colours = _colours(first)
        for at, panel in enumerate(panels):
            axes = figure.add_subplot(grid[at // columns, at % columns])
            if is_of_points(panel):
                draw_dots(axes, panel, look)
            else:
                _draw_panel(axes, panel, look, colours)
        if has_legend:
            _add_legend(figure, curves, first, colours)
        add_notes(figure, [*notes, *curve_notes(curves, look)])
    return figure


def panels_of(curves: Sequence[Curve]) -> list[list[Curve]]:
    """Sort curves into panels: one a metric.

    Of a single run, metrics whose names end with the same word, such as
    ``train_loss`` and ``val_loss``, share one.
    """
    is_single = len({curve.run_id for curve in curves}) == 1
    found: dict[str, list[Curve]] = {}
    for curve in curves:
        name = curve.metric
        if is_single and len(curve) > 1:
            for sign in "-./ ":
                name = name.replace(sign, "_")
            name = name.rpartition("_")[2]
        found.setdefault(name, []).append(curve)
    return list(found.values())


def is_of_points(panel: Sequence[Curve]) -> bool:
    """Tell whether no run has more than one value."""
    return all(len(curve) <= 1 for curve in panel)


def standing_out(curves: Sequence[Curve], look: CurveLook) -> list[str]:
    """Choose the runs (or of one run, the metrics) that get a colour.

    Of too many, those whose first metric ends best.
    """
    keys = list(dict.fromkeys(_key(curve, curves) for curve in curves))
    if len(keys) <= STANDING_OUT:
        return keys
    metric = curves[0].metric
    sign = 1 if metric in look.lower_is_better else -1
    lasts = {
        _key(curve, curves): sign * curve.last
        for curve in curves
        if curve.metric == metric and not math.isnan(curve.last)
    }
    ranked = sorted(keys, key=lambda key: (key not in lasts, lasts.get(key, 0.0)))
    return ranked[:STANDING_OUT]


def curve_notes(curves: Sequence[Curve], look: CurveLook) -> list[str]:
    """Say what a picture of these curves does not show, or shows otherwise."""
    notes = []
    keys = {_key(curve, curves) for curve in curves}
    lines = [curve for curve in curves if len(curve) > 1]
    if len(keys) > STANDING_OUT and lines:
        notes.append(
            f"Coloured: of {len(keys)} runs the {STANDING_OUT} that end best by "
            f"{curves[0].metric}; the others are grey."
        )
    longest = max((len(curve) for curve in curves), default=0)
    if longest > MOST_POINTS:
        notes.append(
            f"Of up to {longest:,} points about {MOST_POINTS:,} a curve are drawn; "
            f"every peak is among them."
        )
    if look.smoothing and lines:
        notes.append(
            f"Smoothed exponentially by {look.smoothing:g}; the raw curve is faint."
        )
    odd = sum(curve.odd for curve in curves)
    if odd:
        values = "1 value is" if odd == 1 else f"{odd:,} values are"
        notes.append(f"{values} NaN or infinite: not drawn.")
    if look.logy:
        low = sum(y <= 0 and math.isfinite(y) for curve in curves for y in curve.ys)
        if low:
            values = "1 value is" if low == 1 else f"{low:,} values are"
            notes.append(f"{values} not above 0, which a log axis cannot show.")
    return notes


def _key(curve: Curve, curves: Sequence[Curve]) -> str:
    is_single = all(other.run_id == curves[0].run_id for other in curves)
    return curve.metric if is_single else curve.run_id


def _colours(keys: Sequence[str]) -> dict[str, Any]:
    import matplotlib as mpl

    cycle = mpl.rcParams["axes.prop_cycle"].by_key().get("color", ["C0"])
    return {key: cycle[at % len(cycle)] for at, key in enumerate(keys)}


def _draw_panel(
    axes: Axes, panel: Sequence[Curve], look: CurveLook, colours: dict[str, Any]
) -> None:
    from matplotlib.ticker import MaxNLocator

    is_single = len({curve.run_id for curve in panel}) == 1
    divisor, unit = _unit(panel) if look.x == "time" else (1.0, "")
    for curve in panel:
        key = curve.metric if curve.metric in colours else curve.run_id
        _draw_curve(axes, curve, look, colours.get(key), divisor)
    names = list(dict.fromkeys(curve.metric for curve in panel))
    axes.set_title(", ".join(names), loc="left", fontsize=10)
    if is_single and len(panel) == 1:
        axes.set_title(panel[0].label, loc="right", fontsize=8, color=QUIET)
    axes.set_xlabel(f"time ({unit})" if unit else "step", fontsize=8, color=QUIET)
    if all(math.isnan(curve.last) for curve in panel):
        axes.set_yticks([])
    axes.grid(visible=True, alpha=0.25, linewidth=0.6)
    ys = [y for curve in panel for y in curve.ys if y > 0 and is_drawable(y)]
    if look.logy and ys:
        axes.set_yscale("log", nonpositive="mask")
        write_log_ticks(axes.yaxis, min(ys), max(ys))
    xs = [x for curve in panel for x in curve.xs if x > 0]
    if look.logx and xs:
        axes.set_xscale("log", nonpositive="mask")
        write_log_ticks(axes.xaxis, min(xs), max(xs))
    elif look.x == "step":
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))


def _draw_curve(
    axes: Axes, curve: Curve, look: CurveLook, colour: Any, divisor: float
) -> None:
    stands_out = colour is not None
    style: dict[str, Any] = {
        "color": colour if stands_out else "0.6",
        "linewidth": 1.4 if stands_out else 0.7,
        "zorder": 3 if stands_out else 2,
    }
    strength = 1.0 if stands_out else 0.35
    is_marked = stands_out and len(curve) <= _MARKED
    marker = "o" if len(curve) == 1 else "." if is_marked else ""
    lines = [(curve.ys, strength)]
    if look.smoothing and len(curve) > 1:
        lines = [(smoothed(curve.ys, look.smoothing), strength)]
        if stands_out:
            lines.insert(0, (curve.ys, 0.22))
    for values, alpha in lines:
        xs, ys = reduced(curve.xs, values)
        axes.plot(
            [x / divisor for x in xs],
            [y if is_drawable(y) else math.nan for y in ys],
            alpha=alpha,
            marker=marker,
            **style,
        )


def _add_legend(
    figure: Figure,
    curves: Sequence[Curve],
    keys: Sequence[str],
    colours: dict[str, Any],
) -> None:
    from matplotlib.lines import Line2D

    is_single = all(curve.run_id == curves[0].run_id for curve in curves)
    labels = {
        _key(curve, curves): curve.metric if is_single else curve.label
        for curve in curves
    }
    handles = [Line2D([], [], color=colours[key]) for key in keys]
    texts = [labels[key] for key in keys]
    rest = len(labels) - len(keys)
    if rest:
        handles.append(Line2D([], [], color="0.6", linewidth=0.7))
        texts.append(f"{rest:,} more")
    figure.legend(handles, texts, loc="outside right upper", fontsize=8, frameon=False)


def _unit(panel: Sequence[Curve]) -> tuple[float, str]:
    longest = max((x for curve in panel for x in curve.xs[-1:]), default=0.0)
    return next((divisor, unit) for least, divisor, unit in _UNITS if longest >= least)
