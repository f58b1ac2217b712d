"""A sweep as a page: its points, the best first and in green."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_mlops.records import Status
from jupyter_mlops.widgets.page import line, page, said, status_word
from jupyter_mlops.widgets.palette import GOOD, WARM
from jupyter_mlops.widgets.table import Cell, table
from jupyter_mlops.wording import counted, number, short_ids, took, value

if TYPE_CHECKING:
    from jupyter_mlops.pipeline.sweeps.results import PointResult, SweepResult

_MOST_METRICS = 8
_MOST_WHYS = 5


def sweep_page(sweep: SweepResult) -> str:
    """Lay a sweep out, one point a row."""
    points = sweep.ranked
    if not points:
        return page([line(said("No points."))], "sweep")
    params = list(dict.fromkeys(name for item in points for name in item.values))
    metrics = _metrics(sweep)
    heads = ["point", *params, *metrics, "status", "took", "run"]
    short = short_ids(item.run_id for item in points if item.run_id)
    rows = [
        [
            Cell(str(item.number), str(item.number)),
            *(Cell.of(item.values.get(name)) for name in params),
            *(_metric(item, name, sweep) for name in metrics),
            Cell(_state(item)),
            _took(item),
            Cell(f"<code>{short.get(item.run_id, '')}</code>", item.run_id),
        ]
        for item in points
    ]
    right = [0, *range(1 + len(params), 1 + len(params) + len(metrics))]
    shown = table(heads, rows, right=right, label=f"Points of {sweep.name}")
    return page([shown, *(line(words) for words in _words(sweep))], "sweep")


def _metrics(sweep: SweepResult) -> list[str]:
    names = sorted({name for item in sweep.points for name in item.metrics})
    return sorted(names, key=lambda name: name != sweep.metric)[:_MOST_METRICS]


def _metric(item: PointResult, name: str, sweep: SweepResult) -> Cell:
    is_best = sweep.best is item and name == sweep.metric
    style = f"color:{GOOD};font-weight:bold" if is_best else ""
    return Cell.of(item.metrics.get(name), style=style)


def _state(item: PointResult) -> str:
    known = {str(status): status for status in Status}
    status = known.get(str(item.state))
    return status_word(status) if status else said(str(item.state), WARM)


def _took(item: PointResult) -> Cell:
    if item.is_earlier:
        return Cell(said("earlier"), "")
    return Cell(took(item.seconds), "" if item.seconds is None else repr(item.seconds))


def _words(sweep: SweepResult) -> list[str]:
    failed = [item for item in sweep.points if item.why][:_MOST_WHYS]
    words = [said(f"point {item.number}: {item.why}", WARM) for item in failed]
    if sweep.shared:
        words.append(said(f"{counted(sweep.shared, 'cell')} ran once for all points"))
    elif sweep.why_not:
        words.append(said(f"each point ran whole: {sweep.why_not}"))
    best = sweep.best
    if best is not None:
        values = ", ".join(f"{k}={value(v)}" for k, v in best.values.items())
        figure = number(best.metrics[sweep.metric])
        words.append(said(f"best: {sweep.metric} {figure} with {values}", GOOD))
    return words
