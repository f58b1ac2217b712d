"""How runs that go on look in a terminal: as a page that changes, or as plain lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlops.verbs import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType
    from rich.text import Text

    from jupyter_mlops.workspace.liveruns import LiveCell, LiveRun
    from jupyter_mlops.workspace.watching import RunWatch

_STYLES = {
    "finished": "green",
    "cached": "green",
    "running": "cyan",
    "failed": "red",
    "cancelled": "yellow",
    "lost": "yellow",
    "waiting": "dim",
    "not run": "dim",
}
_OUTPUT_LINES = 3
_ROWS = 12
_TITLE = 60
_LONG_SECONDS = 5.0
"""Cells that take no longer are not told where nobody looks on."""


def live_page(watch: RunWatch) -> RenderableType:
    """Lay out how the runs stand now: a line for each, and the cells that run."""
    from rich.console import Group

    root = watch.runs.root
    steps = watch.runs.steps() if root.kind == "parent" else []
    lines: list[RenderableType] = [_head(watch, root)]
    if root.kind == "parent":
        lines += _steps(watch, steps)
    else:
        lines += _cell(watch, root, "  ")
    return Group(*lines)


def _head(watch: RunWatch, run: LiveRun) -> Text:
    line = shown.text(run.name or run.id, "bold", width=_TITLE)
    line.append("  ")
    line.append(run.status, style=_STYLES.get(run.status, ""))
    if run.planned:
        line.append(f"  {run.done} of {shown.counted(run.planned, 'cell')}")
    if run.began and not run.is_over:
        line.append(f"  {shown.took(watch.seconds(run))}", style="dim")
    left = watch.left(run)
    if left is not None:
        line.append(f"  about {shown.took(left)} left", style="dim")
    return line


def _steps(watch: RunWatch, steps: list[LiveRun]) -> Iterator[Text]:
    width = max((len(step.name) for step in steps), default=0)
    some = steps
    if len(steps) > _ROWS:
        # Those that run, before all; of the rest, how many there are.
        some = [step for step in steps if step.status == "running"][:_ROWS]
    for step in some:
        line = shown.text(step.name)
        line.pad_left(2)
        line.pad_right(width - len(step.name) + 2)
        line.append(step.status, style=_STYLES.get(step.status, ""))
        if step.status == "running" and step.planned:
            line.append(f"  {step.done} of {shown.counted(step.planned, 'cell')}")
        if step.began and step.status not in ("cached", "waiting"):
            line.append(f"  {shown.took(watch.seconds(step))}", style="dim")
        yield line
        yield from _cell(watch, step, "      ")
    if len(some) < len(steps):
        rest: dict[str, int] = {}
        for step in steps:
            rest[step.status] = rest.get(step.status, 0) + (step not in some)
        told = ", ".join(f"{count} {name}" for name, count in rest.items() if count)
        yield shown.text(f"  and {told}", "dim") if told else shown.text("")


def _cell(watch: RunWatch, run: LiveRun, indent: str) -> Iterator[Text]:
    from rich.text import Text

    cell = run.current
    if cell is None:
        return
    line = shown.text(cell_words(cell))
    line.pad_left(len(indent))
    line.append(f"  {shown.took(watch.clock(cell))}", style="cyan")
    expected = watch.expected(run, cell)
    if expected is not None:
        line.append(f" of about {shown.took(expected)}", style="dim")
    yield line
    for text in cell.tail(_OUTPUT_LINES):
        yield Text(
            f"{indent}  {shown.safe_line(text)}",
            style="dim",
            no_wrap=True,
            overflow="ellipsis",
        )


def cell_words(cell: LiveCell) -> str:
    """Name a cell by its number and its first line of code."""
    lines = [line.strip() for line in cell.source.splitlines() if line.strip()]
    code = [line for line in lines if not line.startswith("#")]
    title = shown.one_line((code or lines or [""])[0], _TITLE)
    return f"cell {cell.position}: {title}"


class PlainLines:
    """Says how runs go on, line by line, for a file or a log.

    Parameters
    ----------
    has_outputs : bool
        What cells print is told as it comes, and every cell; else only cells that take
        long.
    """

    def __init__(self, *, has_outputs: bool) -> None:
        self._has_outputs = has_outputs
        self._told: set[tuple[str, int]] = set()

    def lines(self, watch: RunWatch, events: list[dict[str, Any]]) -> Iterator[str]:
        """Yield what there is to say after a look."""
        for event in events:
            run = watch.runs.runs[event["run"]]
            if event["e"] == "output" and self._has_outputs:
                yield from self._of_output(event)
            elif event["e"] == "cell":
                yield from self._of_cell(run, event)
            elif event["e"] in ("end", "lost") and run.name:
                yield from self._of_end(watch, run)
        for run in watch.runs.walk():
            cell = run.current
            if cell is not None and watch.clock(cell) >= _LONG_SECONDS:
                yield from self._begun(watch, run, cell)

    def _of_end(self, watch: RunWatch, run: LiveRun) -> Iterator[str]:
        """Say how it ended; of the outermost the answer says it, if one follows."""
        is_long = watch.seconds(watch.runs.root) >= _LONG_SECONDS
        if self._has_outputs or (is_long and run is not watch.runs.root):
            said = f" ({shown.one_line(run.error, 200)})" if run.error else ""
            took = shown.took(watch.seconds(run))
            yield f"{run.name} {run.status} after {took}{said}"

    def _of_cell(self, run: LiveRun, event: dict[str, Any]) -> Iterator[str]:
        from jupyter_mlops.workspace.liveruns import LiveCell

        cell = LiveCell(
            event["n"], event["source"], event["status"], 0, event["seconds"]
        )
        if cell.status == "running":
            if self._has_outputs:
                self._told.add((run.id, cell.position))
                yield f"{run.name}: {cell_words(cell)}"
        elif (run.id, cell.position) in self._told:
            took = shown.took(cell.seconds)
            yield f"{run.name}: cell {cell.position} {cell.status} after {took}"

    def _begun(self, watch: RunWatch, run: LiveRun, cell: LiveCell) -> Iterator[str]:
        if (run.id, cell.position) in self._told:
            return
        self._told.add((run.id, cell.position))
        expected = watch.expected(run, cell)
        about = f", about {shown.took(expected)}" if expected is not None else ""
        of = f" of {run.planned}" if run.planned else ""
        yield f"{run.name}: {cell_words(cell)} ({run.done + 1}{of}{about})"

    def _of_output(self, event: dict[str, Any]) -> Iterator[str]:
        for line in str(event.get("text", "")).replace("\r", "\n").splitlines():
            if line.strip():
                yield f"  {shown.safe_line(line)}"
