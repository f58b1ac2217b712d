"""Params against a metric: parallel coordinates, or dots where there is one param."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jupyter_mlops.figures.axes import ParamAxis, param_axis
from jupyter_mlops.figures.canvas import (
    QUIET,
    add_notes,
    drawing,
    new_figure,
    write_log_ticks,
)
from jupyter_mlops.figures.scales import METRIC_DECADES, is_drawable, spans_decades

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_MISSING = -0.1
_MOST_PANELS = 12
_GREY = "0.6"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Runs by what they were given and what came of it.

    Attributes
    ----------
    metric : str
        What the runs are coloured by; last of the axes.
    values : list of float or None
        Of that metric, one a run; None where a run has none.
    params : dict of str to list
        Of each param that differs the values, one a run; None where it is missing.
    notes : tuple of str
        What to say below.
    """

    metric: str
    values: Sequence[float | None]
    params: Mapping[str, Sequence[Any]]
    notes: tuple[str, ...] = ()
    is_lower_better: bool = False


def draw_spread(spread: Spread) -> Figure:
    """Draw runs over the params that they differ in, coloured by a metric."""
    names = list(spread.params)[:_MOST_PANELS]
    notes = list(spread.notes)
    if len(spread.params) > len(names):
        rest = ", ".join(list(spread.params)[_MOST_PANELS:])
        notes.append(f"Not drawn, for want of room: {rest}.")
    odd = sum(value is None or not is_drawable(value) for value in spread.values)
    if odd:
        which = "1 run has" if odd == 1 else f"{odd} runs have"
        how = "not drawn" if len(names) == 1 else "grey"
        notes.append(f"{which} no number as {spread.metric}: {how}.")
    with drawing():
        if len(names) == 1:
            figure = new_figure(6.2, 3.6)
            _draw_scatter(figure.add_subplot(), spread, names[0])
        else:
            figure = new_figure(max(6.5, 1.55 * (len(names) + 1)), 3.9)
            _draw_parallel(figure, spread, names)
        add_notes(figure, notes)
    return figure


def _colours(spread: Spread) -> tuple[Any, Any]:
    """Return the scale of colours; the best is the darkest, so it is seen best."""
    from matplotlib import colormaps
    from matplotlib.colors import LinearSegmentedColormap, LogNorm, Normalize

    found = [v for v in spread.values if v is not None and is_drawable(v)]
    norm = LogNorm if spans_decades(found, METRIC_DECADES) else Normalize
    # Its yellow end cannot be seen on white.
    ends = (0.0, 0.88) if spread.is_lower_better else (0.88, 0.0)
    viridis = colormaps["viridis"]
    steps = [viridis(ends[0] + (ends[1] - ends[0]) * at / 31) for at in range(32)]
    colours = LinearSegmentedColormap.from_list("mlops", steps)
    low, high = (min(found), max(found)) if found else (0.0, 1.0)
    return colours, norm(low, high)


def _draw_parallel(figure: Figure, spread: Spread, names: Sequence[str]) -> None:
    from matplotlib.cm import ScalarMappable
    from matplotlib.collections import LineCollection
    from matplotlib.colors import LogNorm

    axes = figure.add_subplot()
    params = [param_axis(name, spread.params[name]) for name in names]
    params.append(param_axis(spread.metric, spread.values, decades=METRIC_DECADES))
    colours, norm = _colours(spread)
    order = sorted(range(len(spread.values)), key=lambda run: _goodness(spread, run))
    lines, shades = [], []
    for run in order:
        places = (axis.places[run] for axis in params)
        lines.append(
            [(at, _MISSING if y is None else y) for at, y in enumerate(places)]
        )
        value = spread.values[run]
        has_value = value is not None and is_drawable(value)
        shades.append(colours(norm(value)) if has_value else _GREY)
    alpha = 0.85 if len(order) <= 60 else 0.5  # noqa: PLR2004 - lines begin to cover
    axes.add_collection(
        LineCollection(lines, colors=shades, alpha=alpha, linewidths=1.2, zorder=2)
    )
    for at, axis in enumerate(params):
        # The last axis has its words outside, where no lines are.
        _draw_axis(axes, at, axis, side=1 if at == len(names) else -1)
    has_missing = any(None in axis.places for axis in params)
    axes.set_xlim(-0.25, len(params) - 0.75)
    axes.set_ylim(_MISSING - 0.05 if has_missing else -0.04, 1.04)
    axes.set_axis_off()
    bar = figure.colorbar(
        ScalarMappable(norm, colours), ax=axes, shrink=0.8, pad=0.02, aspect=30
    )
    bar.outline.set_visible(False)
    if isinstance(norm, LogNorm):
        write_log_ticks(bar.ax.yaxis, float(norm.vmin or 1), float(norm.vmax or 1))
    bar.ax.tick_params(labelsize=7)


def _draw_axis(axes: Axes, at: int, axis: ParamAxis, *, side: int) -> None:
    axes.plot([at, at], [0, 1], color=QUIET, linewidth=1, zorder=3)
    where: dict[str, Any] = {
        "ha": "left" if side > 0 else "right",
        "va": "center",
        "fontsize": 7,
    }
    for place, said in axis.ticks:
        ends = [at, at + 0.02 * side]
        axes.plot(ends, [place, place], color=QUIET, linewidth=1, zorder=3)
        axes.text(at + 0.04 * side, place, said, zorder=4, bbox=_halo(), **where)
    if None in axis.places:
        place = at + 0.04 * side
        axes.text(place, _MISSING, "none", style="italic", color=QUIET, **where)
    title = f"{axis.name} (log)" if axis.is_log else axis.name
    axes.text(at, 1.05, title, ha="center", va="bottom", fontsize=8.5,
              fontweight="bold")  # fmt: skip


def _halo() -> dict[str, Any]:
    import matplotlib as mpl

    colour = mpl.rcParams["figure.facecolor"]
    return {"facecolor": colour, "edgecolor": "none", "pad": 0.8, "alpha": 0.75}


def _goodness(spread: Spread, run: int) -> float:
    """Order runs so that the best are drawn last, above the others."""
    value = spread.values[run]
    if value is None or not is_drawable(value):
        return -math.inf
    return -value if spread.is_lower_better else value


def _draw_scatter(axes: Axes, spread: Spread, name: str) -> None:
    axis = param_axis(name, spread.params[name])
    pairs = list(zip(axis.places, spread.values, strict=True))
    shown = [
        (_MISSING if place is None else place, value)
        for place, value in pairs
        if value is not None and is_drawable(value)
    ]
    axes.plot([x for x, _ in shown], [y for _, y in shown], "o", alpha=0.7)
    ticks = list(axis.ticks)
    if any(place is None for place in axis.places):
        ticks.insert(0, (_MISSING, "none"))
    axes.set_xticks([place for place, _ in ticks], [said for _, said in ticks])
    axes.set_xlim(min(0, *(x for x, _ in ticks)) - 0.06, 1.06)
    axes.set_xlabel(f"{name} (log)" if axis.is_log else name)
    axes.set_ylabel(spread.metric)
    values = [y for _, y in shown]
    if spans_decades(values, METRIC_DECADES):
        axes.set_yscale("log")
        write_log_ticks(axes.yaxis, min(values), max(values))
    axes.grid(visible=True, alpha=0.25, linewidth=0.6)
