"""The progress bar of a notebook that runs, on the standard error stream."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from jupyter_mlops.verbs.shown import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console
    from rich.progress import Progress as RichProgress

    from jupyter_mlops.records import Status

_TITLE = 50


class NotebookBar:
    """Tells rich's bar what a runner tells; see `pipeline.execution.Progress`."""

    def __init__(self, bar: RichProgress) -> None:
        self._bar = bar
        self._task = bar.add_task("starting", total=None)

    def notebook_began(self, name: str, cells: int) -> None:
        """Set how many cells there are."""
        self._bar.update(self._task, total=cells, description=one_line(name, _TITLE))

    def cell_began(self, position: int, title: str) -> None:
        """Name the running cell."""
        described = one_line(f"cell {position}: {title}", _TITLE)
        self._bar.update(self._task, description=described)

    def cell_ended(self, position: int, status: Status, seconds: float) -> None:  # noqa: ARG002 - the protocol's
        """Move on by a cell."""
        self._bar.update(self._task, completed=position + 1)


@contextmanager
def progress_bar(console: Console) -> Iterator[NotebookBar | None]:
    """Show a bar on a terminal while the block runs; elsewhere nothing."""
    if not console.is_terminal and not console.is_jupyter:
        yield None
        return
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
    )

    columns = (
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}", markup=False),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        yield NotebookBar(bar)
