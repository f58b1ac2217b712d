"""Which controls an answer has in a notebook, and what a change of them asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlops.verbs.plot import Across
from jupyter_mlops.verbs.plotanswers import CurvePlot
from jupyter_mlops.verbs.runs import RunList
from jupyter_mlops.widgets.controls import Control

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_mlops.verbs.session import Answer

_LATEST = "(latest)"


def controls_of(
    answer: Answer,
) -> tuple[list[Control], Callable[[dict[str, Any]], Answer]]:
    """Return an answer's controls, and what makes it anew from their values."""
    if isinstance(answer, CurvePlot):
        return _of_curves(answer)
    assert isinstance(answer, RunList), "nothing else has controls"
    return _of_runs(answer)


def _of_curves(
    plot: CurvePlot,
) -> tuple[list[Control], Callable[[dict[str, Any]], CurvePlot]]:
    look, again = plot.look, plot.again
    assert again is not None, "asked for by its caller"
    controls = [
        Control(name="smoothing", kind="slider", value=min(look.smoothing, 0.99)),
        Control(name="x", kind="choice", value=str(look.x), options=list(Across)),
        Control(name="logx", kind="switch", value=look.logx),
        Control(name="logy", kind="switch", value=look.logy),
    ]
    return controls, again


def _of_runs(
    runs: RunList,
) -> tuple[list[Control], Callable[[dict[str, Any]], RunList]]:
    again, asked = runs.again, runs.asked
    assert again is not None, "asked for by its caller"
    prefix = "metrics."
    metrics = [
        name.removeprefix(prefix) for name in runs.columns if name.startswith(prefix)
    ]
    best = (asked["best"] or _LATEST).removeprefix(prefix)
    controls = [
        Control(name="filter", kind="text", value=asked["filter"]),
        Control(
            name="best",
            kind="choice",
            value=best,
            options=list(dict.fromkeys([_LATEST, *metrics, best])),
        ),
    ]

    def change(values: dict[str, Any]) -> RunList:
        wanted = None if values["best"] == _LATEST else values["best"]
        order = asked["order_by"] if wanted is None else None
        return again(values | {"best": wanted, "order_by": order})

    return controls, change
