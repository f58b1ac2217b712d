"""What differs between a run as it was recorded and the same work done again.

Pure: both runs are only read. How two values are compared is in `likeness`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_mlops.tracking import likeness
from jupyter_mlops.tracking.comparison_artifacts import artifact_differences
from jupyter_mlops.tracking.comparison_outputs import output_differences
from jupyter_mlops.tracking.comparison_sides import Difference, RunSide, missing

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from jupyter_mlops.records import JsonValue, MetricSummary
    from jupyter_mlops.tracking.likeness import Change

__all__ = ["TOLERANCE", "Difference", "RunSide", "compare_runs"]

TOLERANCE = 1e-9


def compare_runs(
    recorded: RunSide,
    rerun: RunSide,
    *,
    tolerance: float = TOLERANCE,
    ignore: Collection[str] = (),
) -> list[Difference]:
    """List what differs between two runs of the same code.

    Parameters
    ----------
    tolerance : float
        Relative: of each number, or of the largest in an array or a column.
    ignore : collection of str
        Names of params, metrics and artifacts that need not be alike.
    """
    found = [
        *_endings(recorded, rerun, tolerance),
        *_params(recorded.run.params, rerun.run.params),
        *_metrics(recorded.run.record.metrics, rerun.run.record.metrics, tolerance),
        *output_differences(recorded, rerun, tolerance),
        *artifact_differences(recorded, rerun, tolerance, ignore),
        *_children(recorded, rerun, tolerance, ignore),
    ]
    return [item for item in found if item.name not in ignore]


def _endings(one: RunSide, other: RunSide, tolerance: float) -> Iterator[Difference]:
    then, now = one.run.record, other.run.record
    if then.status != now.status:
        change = f"{then.status} then, {now.status} now"
        yield Difference(kind="status", name="", change=change)
    elif one.run.cells or other.run.cells:
        # Which cell failed, and how, is compared with the cells.
        return
    elif then.error is not None and now.error is not None:
        one_said, other_said = (f"{e.name}: {e.value}" for e in (then.error, now.error))
        told = likeness.text_change(one_said, other_said, tolerance)
        if told is not None:
            yield Difference(kind="error", name="", change=told)


def _params(
    then: Mapping[str, JsonValue], now: Mapping[str, JsonValue]
) -> Iterator[Difference]:
    yield from missing("param", then, now)
    for key in sorted(then.keys() & now.keys()):
        change = likeness.value_change(then[key], now[key], 0.0)
        if change is not None:
            yield Difference(
                kind="param",
                name=key,
                change=change,
                recorded=then[key],
                rerun=now[key],
            )


def _metrics(
    then: Mapping[str, MetricSummary],
    now: Mapping[str, MetricSummary],
    tolerance: float,
) -> Iterator[Difference]:
    yield from missing("metric", then, now)
    for key in sorted(then.keys() & now.keys()):
        change = _series_change(then[key], now[key], tolerance)
        if change is not None:
            yield Difference(
                kind="metric",
                name=key,
                change=change,
                recorded=then[key].last,
                rerun=now[key].last,
            )


def _series_change(then: MetricSummary, now: MetricSummary, tolerance: float) -> Change:
    if then.count != now.count:
        return f"{then.count} values then, {now.count} now"
    for word in ("last", "min", "max"):
        pair = getattr(then, word), getattr(now, word)
        if (change := likeness.number_change(*pair, tolerance)) is not None:
            return change if word == "last" else f"{word} {change}"
    return None


def _children(
    one: RunSide, other: RunSide, tolerance: float, ignore: Collection[str]
) -> Iterator[Difference]:
    then, now = one.children(), other.children()
    if len(then) != len(now):
        change = f"{len(then)} runs within then, {len(now)} now"
        yield Difference(kind="run", name="", change=change)
    for left, right in zip(then, now, strict=False):
        inner = compare_runs(left, right, tolerance=tolerance, ignore=ignore)
        for item in inner:
            yield Difference(kind="run", name=left.run.name, change=str(item))
