"""One value a run: a dot beside each name, best first."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from jupyter_mlops.figures.canvas import write_log_ticks
from jupyter_mlops.wording import number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from jupyter_mlops.figures.curves import CurveLook
    from jupyter_mlops.figures.series import Curve

MOST_DOTS = 40
"""Names that one can read below one another."""


def draw_dots(axes: Axes, panel: Sequence[Curve], look: CurveLook) -> None:
    """Draw the value of each run, and write it beside; the rest is counted."""
    metric = panel[0].metric
    sign = 1 if metric in look.lower_is_better else -1
    ranked = sorted(
        panel,
        key=lambda curve: (
            math.isnan(curve.last), 0 if math.isnan(curve.last) else sign * curve.last
        ),
    )  # fmt: skip
    shown = ranked[:MOST_DOTS]
    values = [curve.last for curve in shown]
    places = range(len(shown))
    axes.hlines(places, 0, 1, color="0.6", alpha=0.3, linewidth=0.6,
                transform=axes.get_yaxis_transform())  # fmt: skip
    axes.plot(values, places, "o", markersize=5)
    for place, curve in enumerate(shown):
        is_number = not math.isnan(curve.last)
        said = f"{curve.last:.5g}" if is_number else _odd_name(curve)
        axes.annotate(
            said,
            (curve.last if is_number else 0.0, place),
            xycoords=("data" if is_number else "axes fraction", "data"),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
            fontsize=7.5,
        )
    axes.set_yticks(list(places), [curve.label for curve in shown])
    axes.set_ylim(len(shown) - 0.4, -0.6)
    axes.margins(x=0.15)
    if all(math.isnan(value) for value in values):
        axes.set_xticks([])
    above = [value for value in values if 0 < value < math.inf]
    if look.logy and above:
        axes.set_xscale("log", nonpositive="mask")
        write_log_ticks(axes.xaxis, min(above), max(above))
    axes.set_title(metric, loc="left", fontsize=10)
    if len(panel) > MOST_DOTS:
        said = f"the best {MOST_DOTS} of {len(panel)} runs"
        axes.set_title(said, loc="right", fontsize=8)


def _odd_name(curve: Curve) -> str:
    odd = curve.ys[-1] if len(curve) else math.nan
    return "NaN" if math.isnan(odd) else number(odd)
