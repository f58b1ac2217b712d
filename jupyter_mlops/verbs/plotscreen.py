"""How a plot looks in a terminal: curves in dots, or a table of what would be drawn."""

from __future__ import annotations

from math import isfinite, isnan, nan
from typing import TYPE_CHECKING

from jupyter_mlops.figures.braille import draw_chart
from jupyter_mlops.verbs import shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import RenderableType

    from jupyter_mlops.figures.curves import CurveLook
    from jupyter_mlops.figures.parallel import Spread
    from jupyter_mlops.figures.series import Curve

_MOST = 6
_ROWS = 30
_LETTERS = "abcdef"
_STYLES = ("cyan", "magenta", "yellow", "green", "blue", "red")


def render_curves(
    curves: Sequence[Curve], look: CurveLook, notes: Sequence[str]
) -> RenderableType:
    """Lay out one chart a metric, and below it what each curve is."""
    from rich.console import Group

    parts: list[RenderableType] = []
    for metric in dict.fromkeys(curve.metric for curve in curves):
        panel = [curve for curve in curves if curve.metric == metric and len(curve)]
        parts += [*([""] if parts else []), *_panel(metric, panel, look)]
    parts += [shown.text(note, "dim") for note in notes]
    return Group(*parts)


def _panel(
    metric: str, panel: Sequence[Curve], look: CurveLook
) -> Iterator[RenderableType]:
    from rich.text import Text

    from jupyter_mlops.figures.curves import standing_out

    best = standing_out(panel, look)[:_MOST] if len(panel) > _MOST else None
    drawn = [curve for curve in panel if best is None or curve.run_id in best]
    yield shown.text(metric, "bold")
    if any(len(curve) > 1 and not isnan(curve.last) for curve in drawn):
        chart = draw_chart(_smooth(drawn, look), logx=look.logx, logy=look.logy)
        ends = [[(f" {_LETTERS[at]}", at) for at in owners] for owners in chart.ends]
        for left, row, end in zip(chart.left, chart.rows, ends, strict=True):
            line = Text(left, style="dim")
            for letter, owner in [*row, *(end if len(drawn) > 1 else ())]:
                style = "none" if owner is None else _STYLES[owner]
                line.append(letter, style=style)
            yield line
        pad = " " * len(chart.left[0])
        unit = " s" if look.x == "time" else ""
        yield Text(f"{pad}{chart.below}{unit}", style="dim")
    table = shown.make_table("", "run", "values", "last", "min", "max",
                             right=["values", "last", "min", "max"])  # fmt: skip
    for at, curve in enumerate(drawn):
        numbers = [value for value in curve.ys if isfinite(value)] or [nan]
        table.add_row(
            shown.text(_LETTERS[at], _STYLES[at]),
            shown.text(curve.label, width=40),
            shown.text(str(len(curve))),
            shown.text(shown.number(curve.ys[-1])),
            shown.text(shown.number(min(numbers))),
            shown.text(shown.number(max(numbers))),
        )
    yield table
    if len(drawn) < len(panel):
        said = f"Of {len(panel)} runs the {len(drawn)} that end best."
        yield shown.text(said, "dim")


def _smooth(panel: Sequence[Curve], look: CurveLook) -> Sequence[Curve]:
    if not look.smoothing:
        return panel
    from dataclasses import replace

    from jupyter_mlops.figures.series import smoothed

    return [replace(curve, ys=smoothed(curve.ys, look.smoothing)) for curve in panel]


def render_spread(spread: Spread, labels: Sequence[str]) -> RenderableType:
    """Lay out the runs, best first, with the params that differ."""
    from rich.console import Group

    names = list(spread.params)
    table = shown.make_table("run", spread.metric, *names, right=[spread.metric])
    sign = 1 if spread.is_lower_better else -1

    def badness(at: int) -> tuple[bool, float]:
        value = spread.values[at]
        is_odd = value is None or not isfinite(value)
        return is_odd, 0.0 if value is None or is_odd else sign * value

    for at in sorted(range(len(labels)), key=badness)[:_ROWS]:
        value = spread.values[at]
        params = (spread.params[name][at] for name in names)
        table.add_row(
            shown.text(labels[at], width=40),
            shown.text("" if value is None else shown.number(value)),
            *(
                shown.text("" if given is None else shown.value(given, 20))
                for given in params
            ),
        )
    parts: list[RenderableType] = [table]
    if len(labels) > _ROWS:
        parts.append(shown.text(f"… {len(labels) - _ROWS} more (--json shows all)"))
    parts += [shown.text(note, "dim") for note in spread.notes]
    parts.append(shown.text("Drawn as parallel coordinates with -o FILE.", "dim"))
    return Group(*parts)
