"""How far runs are, on the standard error stream, while they are done here."""

from __future__ import annotations

from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING

from jupyter_mlops.verbs.session import make_console
from jupyter_mlops.wording import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, Self

    from rich.console import Console
    from rich.live import Live
    from rich.progress import Progress as RichProgress

    from jupyter_mlops.ids import RunId
    from jupyter_mlops.records import Status
    from jupyter_mlops.verbs.liveview import PlainLines
    from jupyter_mlops.verbs.session import Session
    from jupyter_mlops.workspace import Workspace
    from jupyter_mlops.workspace.watching import RunWatch
    from jupyter_mlops.workspace.watchthread import WatchThread

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


@contextmanager
def looked_on(session: Session, workspace: Workspace) -> Iterator[None]:
    """Show the first run that begins in the block, with those within it."""
    from jupyter_mlops.tracking.beginnings import first_run
    from jupyter_mlops.workspace.watchthread import WatchThread

    threads: list[WatchThread] = []
    # A page that came and went at once would only flicker.
    skips_short = session.live is None
    shows = _LiveLines() if session.live is None else session.live()

    def begin(run_id: RunId) -> None:
        thread = WatchThread(workspace, run_id, shows.show, skips_short=skips_short)
        threads.append(thread)
        thread.start()

    with shows, first_run(begin):
        try:
            yield
        finally:
            for thread in threads:
                thread.stop()


class _LiveLines:
    """A page that changes on a terminal; elsewhere a line now and then."""

    def __init__(self) -> None:
        self._live: Live | None = None

    @cached_property
    def _console(self) -> Console:
        return make_console(stderr=True)

    @cached_property
    def _plain(self) -> PlainLines:
        from jupyter_mlops.verbs.liveview import PlainLines

        return PlainLines(has_outputs=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if self._live is not None:
            self._live.stop()

    def show(self, watch: RunWatch, events: list[dict[str, Any]]) -> None:
        """Show how the run stands."""
        from jupyter_mlops.verbs.liveview import live_page

        if not self._console.is_terminal:
            for line in self._plain.lines(watch, events):
                self._console.print(line, soft_wrap=True)
            return
        if self._live is None:
            from rich.live import Live

            self._live = Live(console=self._console, auto_refresh=False, transient=True)
            self._live.start()
        self._live.update(live_page(watch), refresh=True)
