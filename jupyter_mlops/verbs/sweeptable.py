"""A sweep as a table: while it runs, and when it has ended, the best point first."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from jupyter_mlops.verbs import shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Console, RenderableType
    from rich.live import Live
    from rich.table import Table

    from jupyter_mlops.pipeline.sweeps.points import Point
    from jupyter_mlops.pipeline.sweeps.results import PointResult
    from jupyter_mlops.pipeline.sweeps.schedule import SweepProgress

_STYLES = {
    "running": "cyan",
    "finished": "green",
    "failed": "red",
    "pruned": "yellow",
    "cancelled": "yellow",
    "lost": "yellow",
}
_MOST_METRICS = 4
_VALUE = 24
_MOST_WHYS = 5
_REFRESHES = 4.0
_SPARE_LINES = 8
"""Of a terminal's height: for what stands above and below the table."""


def points_table(
    points: Sequence[PointResult], metric: str = "", *, limit: int | None = None
) -> Table:
    """Lay points out, one a row, in the order given.

    Parameters
    ----------
    metric : str
        The one that tells the best: it comes first.
    limit : int, optional
        At most so many rows.
    """
    params = list(dict.fromkeys(name for item in points for name in item.values))
    metrics = _metric_names(points, metric)
    heads = ["point", *params, *metrics, "status", "took", "run"]
    table = shown.make_table(*heads, right=["point", *metrics, "took"])
    short = shown.short_ids(item.run_id for item in points if item.run_id)
    for item in points[:limit]:
        row = [
            shown.text(str(item.number)),
            *(shown.text(_value(item.values, name)) for name in params),
            *(shown.text(_value(item.metrics, name)) for name in metrics),
            shown.text(str(item.state), _STYLES.get(str(item.state), "")),
            shown.text("earlier" if item.is_earlier else shown.took(item.seconds)),
            shown.text(short.get(item.run_id, ""), "cyan"),
        ]
        table.add_row(*row)
    if limit is not None and len(points) > limit:
        table.add_row(shown.text("…"), shown.text(f"{len(points) - limit} more", "dim"))
    return table


def why_lines(points: Sequence[PointResult]) -> list[str]:
    """Say of the first few points that did not go well why."""
    found = [item for item in points if item.why]
    lines = [f"point {item.number}: {item.why}" for item in found[:_MOST_WHYS]]
    more = len(found) - len(lines)
    return [*lines, *([f"… and {more} more"] if more > 0 else [])]


def _value(found: Any, name: str) -> str:
    return shown.value(found[name], _VALUE) if name in found else ""


def _metric_names(points: Sequence[PointResult], metric: str) -> list[str]:
    counts: dict[str, int] = {}
    for item in points:
        for name in item.metrics:
            counts[name] = counts.get(name, 0) + 1
    names = sorted(counts, key=lambda name: (name != metric, -counts[name], name))
    return names[:_MOST_METRICS]


class LiveTable:
    """The points so far, on a terminal, while a sweep runs; a `SweepProgress`."""

    def __init__(self, metric: str, height: int) -> None:
        self.live: Live | None = None
        self._metric = metric
        self._rows = max(3, height - _SPARE_LINES)
        self._count = 0
        self._sharing = ""
        self._running: dict[int, tuple[Point, float]] = {}
        self._ended: list[PointResult] = []

    def sweep_began(self, count: int) -> None:
        """Show a sweep of so many points at the most."""
        self._count = count
        self._show()

    def sharing_began(self, cells: int) -> None:
        """Show that the cells run that all points share."""
        self._sharing = f"{shown.counted(cells, 'cell')} run once for all points …"
        self._show()

    def sharing_ended(self, cells: int, why_not: str) -> None:
        """Show how many they were, and why not more."""
        self._sharing = sharing_line(cells, why_not)
        self._show()

    def point_began(self, point: Point) -> None:
        """Show that a point runs."""
        self._running[point.number] = (point, time.monotonic())
        self._show()

    def point_ended(self, result: PointResult) -> None:
        """Show how it ended."""
        self._running.pop(result.number, None)
        self._ended.append(result)
        self._show()

    def __rich__(self) -> RenderableType:
        from rich.console import Group

        from jupyter_mlops.pipeline.sweeps.results import PointResult, PointState

        now = time.monotonic()
        running = [
            PointResult(
                number=point.number,
                values=point.values,
                state=PointState.RUNNING,
                seconds=now - began,
            )
            for point, began in list(self._running.values())
        ]
        rows = [*running, *reversed(self._ended)]
        lines = [shown.text(f"{len(self._ended)} of {self._count} points")]
        if self._sharing:
            lines.append(shown.text(self._sharing, "dim"))
        return Group(*lines, points_table(rows, self._metric, limit=self._rows))

    def _show(self) -> None:
        if self.live is not None:
            self.live.update(self)


class PointBar:
    """How many points have ended, as a bar: where no table can be drawn anew."""

    def __init__(self, bar: Any) -> None:
        self._bar = bar
        self._task = bar.add_task("starting", total=None)

    def sweep_began(self, count: int) -> None:
        """Set how many there are."""
        self._bar.update(self._task, total=count, description="points")

    def sharing_began(self, cells: int) -> None:
        """Say so."""
        said = f"{shown.counted(cells, 'cell')} for all points"
        self._bar.update(self._task, description=said)

    def sharing_ended(self, cells: int, why_not: str) -> None:  # noqa: ARG002 - the protocol's
        """Say that points follow."""
        self._bar.update(self._task, description="points")

    def point_began(self, point: Point) -> None:
        """Show nothing of it."""

    def point_ended(self, result: PointResult) -> None:  # noqa: ARG002 - the protocol's
        """Move on by one."""
        self._bar.update(self._task, advance=1)


def sharing_line(cells: int, why_not: str) -> str:
    """Say how many cells ran once for all points, and why not more."""
    if cells:
        line = f"{shown.counted(cells, 'cell')} ran once for all points"
        return f"{line}; {why_not}." if why_not else f"{line}."
    return f"Each point ran whole: {why_not}." if why_not else ""


@contextmanager
def sweep_progress(console: Console, metric: str) -> Iterator[SweepProgress | None]:
    """Show a sweep while the block runs, where somebody can see it."""
    if console.is_jupyter:
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        columns = (
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TextColumn("{task.description}", markup=False),
        )
        with Progress(*columns, console=console, transient=True) as bar:
            yield PointBar(bar)
    elif console.is_terminal:
        from rich.live import Live

        table = LiveTable(metric, console.height)
        with Live(
            table, console=console, transient=True, refresh_per_second=_REFRESHES
        ) as live:
            table.live = live
            yield table
    else:
        yield None
